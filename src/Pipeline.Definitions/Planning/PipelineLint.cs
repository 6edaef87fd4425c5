using Pipeline.Queries;

namespace Pipeline.Definitions.Planning;

/// <summary>A definition's text and the name of its file.</summary>
public sealed record LintFile(string Name, string Text);

/// <summary>A mistake and the file it is in.</summary>
public sealed record LintFinding(string File, DefinitionError Error)
{
    public override string ToString() => $"{File}:{Error}";
}

/// <summary>
/// Checks definitions without a host: each by itself, and against the others given with it. What lies only in the
/// catalog of a running host is not known here.
/// </summary>
public static class PipelineLint
{
    /// <summary>All mistakes, file by file in the order given.</summary>
    public static IReadOnlyList<LintFinding> Check(
        IReadOnlyList<LintFile> files, DefinitionVariables variables, IStageCodes? codes = null)
    {
        var findings = new List<LintFinding>();
        var read = files.Select(file => (file.Name, Outcome: DefinitionReader.Read(file.Text, variables))).ToList();
        findings.AddRange(read.SelectMany(file =>
            file.Outcome.Errors.Select(error => new LintFinding(file.Name, error))));
        var definitions = read.Where(file => file.Outcome.Definition is not null)
            .Select(file => (file.Name, Definition: file.Outcome.Definition!)).ToList();
        findings.AddRange(Twice(definitions));
        findings.AddRange(SharedDirectories(definitions));
        var outputs = Outputs(definitions, codes);
        foreach (var (name, definition) in definitions)
        {
            var outcome = Plan(definition, Known(definitions, definition, outputs), codes);
            findings.AddRange(outcome.Errors.Select(error => new LintFinding(name, error)));
        }

        return [.. findings.OrderBy(finding => files.TakeWhile(file => file.Name != finding.File).Count())
            .ThenBy(finding => finding.Error.Line).ThenBy(finding => finding.Error.Column)];
    }

    /// <summary>What the stages of all definitions write, in whatever order the files are given.</summary>
    private static Dictionary<string, StreamDefinition> Outputs(
        List<(string Name, PipelineDefinition Definition)> definitions, IStageCodes? codes)
    {
        var outputs = new Dictionary<string, StreamDefinition>(StringComparer.Ordinal);
        var waiting = definitions.Select(file => file.Definition).ToList();
        var before = int.MaxValue;
        while (waiting.Count is > 0 and var left && left < before)
        {
            before = left;
            waiting = [.. waiting.Where(definition => !TryPlan(definition))];
        }

        return outputs;

        bool TryPlan(PipelineDefinition definition)
        {
            var plan = Plan(definition, Known(definitions, definition, outputs), codes).Plan;
            foreach (var output in plan?.Outputs ?? [])
            {
                outputs[output.Stream.Name.Value] = output.Stream;
            }

            return plan is not null;
        }
    }

    private static PlanningOutcome Plan(
        PipelineDefinition definition, Dictionary<string, StreamDefinition> known, IStageCodes? codes) =>
        PipelinePlanner.Plan(
            definition, new PlanningWorld { Compile = QueryCompiler.Compile, Streams = known, Codes = codes });

    private static Dictionary<string, StreamDefinition> Known(
        List<(string Name, PipelineDefinition Definition)> definitions,
        PipelineDefinition own,
        Dictionary<string, StreamDefinition> outputs)
    {
        var known = new Dictionary<string, StreamDefinition>(StringComparer.Ordinal);
        foreach (var stream in outputs.Values.Where(stream => stream.Pipeline != own.Name)
            .Concat(definitions.Where(other => other.Definition != own)
                .SelectMany(other => other.Definition.Streams).Select(declared => declared.Stream)))
        {
            known[stream.Name.Value] = stream;
        }

        return known;
    }

    /// <summary>Pipelines and streams that more than one file defines.</summary>
    private static IEnumerable<LintFinding> Twice(List<(string Name, PipelineDefinition Definition)> definitions)
    {
        var pipelines = new Dictionary<string, string>(StringComparer.Ordinal);
        var streams = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, definition) in definitions)
        {
            if (!pipelines.TryAdd(definition.Name, file))
            {
                var (line, column) = definition.NamePosition;
                yield return new LintFinding(file, new DefinitionError(
                    line, column, $"Pipeline '{definition.Name}' is defined in {pipelines[definition.Name]} too."));
            }

            foreach (var (stream, (line, column), _) in definition.Streams)
            {
                if (!streams.TryAdd(stream.Name.Value, file))
                {
                    yield return new LintFinding(file, new DefinitionError(
                        line, column, $"Stream '{stream.Name}' is declared in {streams[stream.Name.Value]} too."));
                }
            }
        }
    }

    /// <summary>Sinks of several files that write to one directory, as far as the text shows it.</summary>
    private static IEnumerable<LintFinding> SharedDirectories(
        List<(string Name, PipelineDefinition Definition)> definitions)
    {
        var taken = new Dictionary<string, (string File, string Sink)>(StringComparer.Ordinal);
        foreach (var (file, sink) in definitions.SelectMany(
            static file => file.Definition.Sinks.Select(sink => (file.Name, sink))))
        {
            if (sink.Target is not FileSinkDefinition files)
            {
                continue;
            }

            var path = SinkPath.Plain(files.Path);
            if (!taken.TryAdd(path, (file, sink.Name)) && taken[path].File != file)
            {
                var (line, column) = files.PathPosition;
                yield return new LintFinding(file, new DefinitionError(line, column, $"Sink '{sink.Name}' writes to "
                    + $"the directory of sink '{taken[path].Sink}' in {taken[path].File}."));
            }
        }
    }
}
