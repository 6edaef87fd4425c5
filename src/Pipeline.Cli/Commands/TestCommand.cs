using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Testing;
using Pipeline.Definitions.Cases;
using Pipeline.Definitions.Codes;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline test: runs the cases of test files in this process, without a service, in virtual time.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Test files (x.test.yaml beside x.yaml), or folders of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var junit = new Option<FileInfo?>("--junit") { Description = "Write the results there as JUnit XML." };
        var json = new Option<bool>("--json") { Description = "One JSON object a case, a line each." };
        var (variables, code) = (DefinitionOptions.Variables(), DefinitionOptions.Code());
        var command = new Command("test", "Run the test cases of pipelines without a service.")
        {
            files, junit, json, variables, code,
        };
        command.SetAction(async (parsed, _) =>
        {
            var codes = new StageCodes(parsed.GetValue(code)?.FullName);
            if (codes.Errors.Count > 0)
            {
                return Failure.Tell(codes.Errors[0]);
            }

            if (Found(parsed.GetValue(files)!) is not { } paths)
            {
                return ExitCode.Failed;
            }

            return await RunAsync(
                paths,
                path => TestFile.Read(path, DefinitionOptions.Of(parsed.GetValue(variables)), codes),
                parsed.GetValue(junit)?.FullName,
                parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>The files, those of folders by name; null, and said, where there is nothing.</summary>
    private static List<string>? Found(string[] names)
    {
        var found = new List<string>();
        foreach (var name in names)
        {
            if (!Directory.Exists(name))
            {
                found.Add(name);
                continue;
            }

            var before = found.Count;
            found.AddRange(Directory.EnumerateFiles(name).Where(CaseFileReader.IsNamed).Order(StringComparer.Ordinal));
            if (found.Count == before)
            {
                Failure.Tell($"There is no *.test.yaml in '{name}'.");
                return null;
            }
        }

        if (found.Find(static path => !File.Exists(path)) is { } missing)
        {
            Failure.Tell($"There is no file '{missing}'.");
            return null;
        }

        return [.. found.DistinctBy(Path.GetFullPath)];
    }

    private static async Task<int> RunAsync(
        List<string> paths, Func<string, TestFile> read, string? junit, bool isJson)
    {
        var clock = TimeProvider.System;
        var begun = clock.GetTimestamp();
        var results = new List<FileResult>();
        foreach (var path in paths)
        {
            var file = read(path);
            var cases = new List<CaseResult>();
            foreach (var one in file.Errors.Count > 0 ? [] : file.Cases)
            {
                cases.Add(await new CaseRun(file.Plan!, one).RunAsync(clock));
            }

            results.Add(new FileResult(path, cases, file.Errors));
            Write(results[^1], isJson);
        }

        if (!isJson)
        {
            CaseText.WriteSum(AnsiConsole.Console, results, clock.GetElapsedTime(begun));
        }

        if (junit is not null)
        {
            JUnitFile.Write(junit, results);
        }

        return results.Exists(static result => result.Errors.Count > 0) ? ExitCode.Failed
            : results.TrueForAll(static result => result.Cases.All(static one => one.IsPassed)) ? ExitCode.Done
            : ExitCode.Found;
    }

    private static void Write(FileResult result, bool isJson)
    {
        foreach (var error in result.Errors)
        {
            Failure.Tell(error);
        }

        if (isJson)
        {
            CaseJson.Of(result).ToList().ForEach(Console.Out.WriteLine);
        }
        else if (result.Errors.Count == 0)
        {
            CaseText.Write(AnsiConsole.Console, result);
        }
    }
}
