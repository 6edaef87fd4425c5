using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Queries.Compilation;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Definitions;
using Pipeline.Runtime.Planning;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline lint: checks definitions without a service; several files may read each other's streams.</summary>
internal static class LintCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files")
        {
            Description = "Definitions (YAML or JSON).",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("lint", "Check definitions and say every mistake with line and column.") { files };
        command.SetAction(parsed => Run(parsed.GetValue(files)!));
        return command;
    }

    private static int Run(FileInfo[] files)
    {
        var missing = files.Where(f => !f.Exists).ToList();
        if (missing.Count > 0)
        {
            return Failure.Tell($"There is no file '{missing[0]}'.");
        }

        var read = files
            .Select(f => (File: f, Outcome: DefinitionReader.Read(
                File.ReadAllText(f.FullName), Environment.GetEnvironmentVariable)))
            .ToList();
        var mistakes = 0;
        foreach (var (file, outcome) in read)
        {
            var errors = outcome.Definition is { } definition
                ? PipelinePlanner.Plan(definition, WorldOf(definition, read.Select(r => r.Outcome))).Errors
                : outcome.Errors;
            mistakes += errors.Count;
            foreach (var error in errors)
            {
                Console.WriteLine($"{file}:{error}");
            }

            if (errors.Count == 0)
            {
                AnsiConsole.MarkupLineInterpolated($"[green]{file}: good[/]");
            }
        }

        return mistakes == 0 ? ExitCode.Done : ExitCode.Found;
    }

    private static PlanningWorld WorldOf(PipelineDefinition of, IEnumerable<DefinitionOutcome> all)
    {
        var others = new Dictionary<string, StreamDefinition>(StringComparer.Ordinal);
        foreach (var stream in all.Select(o => o.Definition).OfType<PipelineDefinition>()
            .Where(d => d != of).SelectMany(d => d.Streams))
        {
            others[stream.Stream.Name.Value] = stream.Stream;
        }

        return new PlanningWorld { Compile = QueryCompiler.Compile, Streams = others };
    }
}
