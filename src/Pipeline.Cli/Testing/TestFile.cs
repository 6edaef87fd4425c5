using Pipeline.Definitions;
using Pipeline.Definitions.Cases;
using Pipeline.Definitions.Codes;
using Pipeline.Definitions.Planning;
using Pipeline.Queries;

namespace Pipeline.Cli.Testing;

/// <summary>A test file with the plan of the pipeline it is about.</summary>
internal sealed class TestFile
{
    private const string Mark = ".test.";

    private readonly string _path;
    private readonly List<string> _errors = [];

    private TestFile(string path) => _path = path;

    public PipelinePlan? Plan { get; private set; }

    public IReadOnlyList<TestCase> Cases { get; private set; } = [];

    /// <summary>Why it cannot be run, each with its place.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public static TestFile Read(string path, DefinitionVariables variables, StageCodes codes)
    {
        var test = new TestFile(path);
        test.Read(variables, codes);
        return test;
    }

    private void Read(DefinitionVariables variables, StageCodes codes)
    {
        if (TextOf(_path) is not { } text || Taken(_path, CaseFileReader.Read(text)) is not { } file)
        {
            return;
        }

        if (PathOf(file) is not { } about || TextOf(about) is not { } definitionText)
        {
            return;
        }

        var read = DefinitionReader.Read(definitionText, variables);
        Tell(about, read.Errors);
        if (read.Definition is not { } definition)
        {
            return;
        }

        var planning = PipelinePlanner.Plan(definition, new PlanningWorld
        {
            Compile = QueryCompiler.Compile,
            Kept = CaseNames.Kept(file),
            Codes = codes,
        });
        Tell(about, planning.Errors);
        if (planning.Plan is { } plan)
        {
            Tell(_path, CaseNames.Unknown(file, definition, plan));
            (Plan, Cases) = (plan, file.Cases);
        }
    }

    private string? TextOf(string path)
    {
        if (DefinitionText.TryReadFile(path, out var text, out var error))
        {
            return text;
        }

        Tell(path, [error]);
        return null;
    }

    private CaseFile? Taken(string path, CaseFileOutcome outcome)
    {
        Tell(path, outcome.Errors);
        return outcome.File;
    }

    /// <summary>The definition that it names, else the one beside it that has its name.</summary>
    private string? PathOf(CaseFile file)
    {
        var at = _path.LastIndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        if (file.Pipeline is null && !CaseFileReader.IsNamed(_path))
        {
            Tell(_path, [new DefinitionError(1, 1, "Which pipeline is it about? A file x.test.yaml is about x.yaml "
                + "beside it, any other says 'pipeline: FILE'.")]);
            return null;
        }

        var path = file.Pipeline is { } named
            ? Path.Combine(Path.GetDirectoryName(_path) ?? "", named.Value)
            : $"{_path[..at]}.{_path[(at + Mark.Length)..]}";
        if (File.Exists(path))
        {
            return path;
        }

        var (line, column) = file.Pipeline?.Position ?? TextPosition.Start;
        Tell(_path, [new DefinitionError(line, column, $"There is no definition '{path}'"
            + (file.Pipeline is null ? ": 'pipeline: FILE' names another." : "."))]);
        return null;
    }

    private void Tell(string path, IReadOnlyList<DefinitionError> errors) =>
        _errors.AddRange(errors.Select(error => $"{path}:{error}"));
}
