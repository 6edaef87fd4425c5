using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Definitions;
using Pipeline.Definitions.Cases;
using Pipeline.Definitions.Codes;
using Pipeline.Definitions.Planning;
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
        var (variables, code) = (DefinitionOptions.Variables(), DefinitionOptions.Code());
        var command = new Command("lint", "Check definitions and say every mistake with line and column.")
        {
            files, variables, code,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(files)!,
            DefinitionOptions.Of(parsed.GetValue(variables)),
            new StageCodes(parsed.GetValue(code)?.FullName)));
        return command;
    }

    private static int Run(FileInfo[] files, DefinitionVariables variables, StageCodes codes)
    {
        var missing = files.Where(f => !f.Exists).ToList();
        if (missing.Count > 0)
        {
            return Failure.Tell($"There is no file '{missing[0]}'.");
        }

        if (codes.Errors.Count > 0)
        {
            return Failure.Tell(codes.Errors[0]);
        }

        var findings = new List<LintFinding>();
        var (texts, tests) = (new List<LintFile>(), new List<LintFile>());
        foreach (var file in files.DistinctBy(static file => file.FullName))
        {
            if (DefinitionText.TryReadFile(file.FullName, out var text, out var error))
            {
                (CaseFileReader.IsNamed(file.Name) ? tests : texts).Add(new LintFile($"{file}", text));
            }
            else
            {
                findings.Add(new LintFinding($"{file}", error));
            }
        }

        findings.AddRange(PipelineLint.Check(texts, variables, codes));
        findings.AddRange(tests.SelectMany(static test =>
            CaseFileReader.Read(test.Text).Errors.Select(error => new LintFinding(test.Name, error))));
        foreach (var finding in findings)
        {
            Console.WriteLine(finding);
        }

        foreach (var good in texts.Concat(tests).Where(file => findings.All(finding => finding.File != file.Name)))
        {
            AnsiConsole.MarkupLineInterpolated($"[green]{good.Name}: good[/]");
        }

        return findings.Count == 0 ? ExitCode.Done : ExitCode.Found;
    }
}
