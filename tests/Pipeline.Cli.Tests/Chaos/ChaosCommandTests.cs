using System.Text.Json.Nodes;
using Pipeline.Cli.Tests.Programs;
using Xunit;

namespace Pipeline.Cli.Tests.Chaos;

/// <summary>Experiments on the service as it is, and on one that was made to forget.</summary>
public sealed class ChaosCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-cli-").FullName;

    [Fact]
    public async Task A_host_that_is_harmed_in_each_way_loses_nothing()
    {
        var file = await WriteAsync("""
            load: { rate: 200, time: 9s, keys: 16, writers: 4, batch: 5 }
            faults:
              - { fault: kill, at: 500ms }
              - { fault: freeze, at: 3s, for: 1s }
              - { fault: lose-store, target: b, at: 4500ms, for: 1s }
              - { fault: corrupt-store, target: c, at: 6s }
              - { fault: stop, at: 6500ms }
              - { fault: restart-all, at: 8500ms }
            """);
        var page = Path.Combine(_folder, "report.html");
        var (code, told) = await BuiltProgram.RunAsync("chaos", "run", file, "--report", page);

        Assert.True(code == 0, told);
        Assert.Contains("The steady state held.", told, StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(page, ".json")))!;
        Assert.Equal(1800, (int)json["acknowledged"]!);
        Assert.Equal(
            ["kill", "freeze", "lose-store", "corrupt-store", "stop", "restart-all"],
            json["faults"]!.AsArray().Select(static fault => (string)fault!["fault"]!));
        Assert.All(json["findings"]!.AsArray(), static finding => Assert.True((bool)finding!["holds"]!));
        Assert.True((double)json["faults"]![0]!["silence"]! > 0.1);
    }

    /// <summary>Each time it is started, two of its three stores are as they were when they were new.</summary>
    [Fact]
    public async Task A_majority_of_stores_that_forgets_is_found()
    {
        var programs = await WrapAsync("""
            for argument; do case "$argument" in a=*|b=*) rm -rf "$(echo "$argument" | cut -c3-)";; esac; done
            """);
        var file = await WriteAsync("""
            load: { rate: 100, time: 4s, keys: 4, writers: 2 }
            faults: [ { fault: kill, at: 2s } ]
            stop: { silent: 3s }
            """);
        var (code, told) = await BuiltProgram.RunAsync("chaos", "run", file, "--programs", programs);

        Assert.True(code == 1, told);
        Assert.Contains("The steady state did not hold.", told, StringComparison.Ordinal);
        Assert.Contains("are kept in", told, StringComparison.Ordinal);
    }

    /// <summary>Started the third time, its stores are those of the second, and it misses nothing.</summary>
    [Fact]
    public async Task A_service_that_acknowledged_and_forgot_is_found_though_it_works()
    {
        var programs = await WrapAsync("""
            for argument; do case "$argument" in a=*) stores=$(dirname "$(echo "$argument" | cut -c3-)");; esac; done
            starts=$(cat "$stores.starts" 2>/dev/null || echo 0)
            echo $((starts + 1)) > "$stores.starts"
            if [ "$starts" = 1 ]; then cp -r "$stores" "$stores.kept"; fi
            if [ "$starts" = 2 ]; then rm -rf "$stores"; cp -r "$stores.kept" "$stores"; fi
            """);
        var file = await WriteAsync("""
            load: { rate: 100, time: 8s, keys: 4, writers: 2 }
            faults: [ { fault: kill, at: 500ms }, { fault: kill, at: 6s } ]
            stop: { silent: 5s }
            """);
        var (code, told) = await BuiltProgram.RunAsync("chaos", "run", file, "--programs", programs);

        Assert.True(code == 1, told);
        Assert.Contains("FAILS  lost (stream)", told, StringComparison.Ordinal);
        Assert.Contains("holds  twice (stream)", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_tried_is_said()
    {
        var wrong = await WriteAsync("faults: [ { fault: kill } ]");
        var (code, told) = await BuiltProgram.RunAsync("chaos", "run", wrong);
        Assert.Equal(1, code);
        Assert.Contains("experiment.yaml:1:", told, StringComparison.Ordinal);
        (code, told) = await BuiltProgram.RunAsync("chaos", "run", Path.Combine(_folder, "none.yaml"));
        Assert.Equal(2, code);
        Assert.Contains("There is no file", told, StringComparison.Ordinal);
        var right = await WriteAsync("faults: []");
        (code, told) = await BuiltProgram.RunAsync("chaos", "run", right, "--programs", _folder);
        Assert.Equal(2, code);
        Assert.Contains("name its folder with --programs", told, StringComparison.Ordinal);
        foreach (var (program, said) in ((string, string)[])
        [
            ("#!/bin/sh\necho no; exit 7\n", "host ended with exit code 7 while it started: no"),
            ("", "cannot be started"),
        ])
        {
            var file = Path.Combine(_folder, "Pipeline.Standalone");
            await File.WriteAllTextAsync(file, program);
            using var mode = BuiltProgram.Start("chmod", program.Length > 0 ? "+x" : "-x", file);
            await mode.WaitForExitAsync(TestContext.Current.CancellationToken);
            (code, told) = await BuiltProgram.RunAsync("chaos", "run", right, "--programs", _folder);
            Assert.True(code == 2, told);
            Assert.Contains(said, told, StringComparison.Ordinal);
        }

        (code, told) = await BuiltProgram.RunAsync("chaos", "run", right, "--report", _folder);
        Assert.Equal(2, code);
        Assert.Contains("is a folder", told, StringComparison.Ordinal);
        (code, told) = await BuiltProgram.RunAsync("chaos", "run", right, "--report", Path.Combine(_folder, "no", "x"));
        Assert.Equal(2, code);
        Assert.Contains("There is no folder", told, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A folder with a program that does this first, and is the service then.</summary>
    private async Task<string> WrapAsync(string script)
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName;
        var program = Path.Combine(programs, "Pipeline.Standalone");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{script}\nexec {BuiltProgram.Standalone} \"$@\"\n");
        using var mode = BuiltProgram.Start("chmod", "+x", program);
        await mode.WaitForExitAsync(TestContext.Current.CancellationToken);
        return programs;
    }

    private async Task<string> WriteAsync(string experiment)
    {
        var file = Path.Combine(_folder, "experiment.yaml");
        await File.WriteAllTextAsync(file, experiment);
        return file;
    }
}
