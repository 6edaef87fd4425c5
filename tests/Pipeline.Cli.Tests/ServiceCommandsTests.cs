using Pipeline.Cli.Tests.Programs;
using Xunit;

namespace Pipeline.Cli.Tests;

public sealed class ServiceCommandsTests
{
    private const string Definition = "name: readings-only\nstreams:\n  readings: { partitions: 2, key: deviceId }\n";

    [Fact]
    public async Task Definitions_are_applied_events_sent_read_and_the_stores_found_whole()
    {
        await using var service = await RunningStandalone.StartAsync();
        var url = service.Url.ToString();
        var file = Path.Combine(service.Folder, "definition.yaml");
        await File.WriteAllTextAsync(file, Definition);

        Assert.Equal(0, (await BuiltProgram.RunAsync("apply", file, "--url", url)).ExitCode);
        var (sentCode, sent) = await BuiltProgram.RunAsync("send", "--url", url, "--events", "5000", "--batch", "500");
        Assert.Equal(0, sentCode);
        Assert.Contains("5,000 events durable", sent, StringComparison.Ordinal);
        var (_, tailed) = await BuiltProgram.RunAsync(
            "tail", "readings", "--url", url, "--from", "earliest", "--max", "5000");
        Assert.Equal(5000, tailed.Split('\n').Count(line => line.Contains("\"deviceId\"", StringComparison.Ordinal)));
        var (statusCode, status) = await BuiltProgram.RunAsync("status", "--url", url);
        Assert.Equal(0, statusCode);
        Assert.Contains("readings", status, StringComparison.Ordinal);

        Assert.Equal(0, await service.StopAsync());
        var (verifyCode, verified) = await BuiltProgram.RunAsync("verify", "--data", service.Data);
        if (verifyCode != 0)
        {
            // A disk that did not keep pace with the other two has copies that end too early; nothing else is wrong.
            Assert.All(
                verified.Split('\n').Where(static line => line.StartsWith("store ", StringComparison.Ordinal)),
                static line => Assert.EndsWith(" is incomplete", line.TrimEnd(), StringComparison.Ordinal));
            Assert.Equal(0, (await BuiltProgram.RunAsync("repair", "--data", service.Data)).ExitCode);
            Assert.Equal(0, (await BuiltProgram.RunAsync("verify", "--data", service.Data)).ExitCode);
        }

        Directory.Delete(Path.Combine(service.Data, "stores", "2"), recursive: true);
        Assert.Equal(1, (await BuiltProgram.RunAsync("verify", "--data", service.Data)).ExitCode);
        var (repairCode, repaired) = await BuiltProgram.RunAsync("repair", "--data", service.Data);
        Assert.True(repairCode == 0, repaired);
        Assert.Equal(0, (await BuiltProgram.RunAsync("verify", "--data", service.Data)).ExitCode);
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reasons()
    {
        await using var service = await RunningStandalone.StartAsync();
        var url = service.Url.ToString();
        var events = Path.Combine(service.Folder, "events.ndjson");
        await File.WriteAllTextAsync(events, "{\"a\":1}\n{\"a\":\n");
        var wrong = Path.Combine(service.Folder, "wrong.yaml");
        await File.WriteAllTextAsync(wrong, "name: wrong\nstreams:\n  x: { partitons: 2 }\n");

        var (unknown, reason) = await BuiltProgram.RunAsync("send", events, "--url", url, "--stream", "nowhere");
        Assert.Equal(1, unknown);
        Assert.Contains("nowhere", reason, StringComparison.Ordinal);
        var (refused, mistakes) = await BuiltProgram.RunAsync("apply", wrong, "--url", url);
        Assert.Equal(1, refused);
        Assert.Contains("line 3", mistakes, StringComparison.Ordinal);
        Assert.Equal(1, (await BuiltProgram.RunAsync("tail", "nowhere", "--url", url)).ExitCode);
    }

    [Fact]
    public async Task A_load_is_measured_and_what_flows_and_what_failed_is_shown()
    {
        await using var service = await RunningStandalone.StartAsync();
        var url = service.Url.ToString();
        var file = Path.Combine(service.Folder, "definition.yaml");
        await File.WriteAllTextAsync(file, Definition + """
            stages:
              timed:
                query: SELECT COUNT(*) AS n FROM readings TIMESTAMP BY ts GROUP BY TumblingWindow(second, 10)

            """);
        Assert.Equal(0, (await BuiltProgram.RunAsync("apply", file, "--url", url)).ExitCode);
        var page = Path.Combine(service.Folder, "load.html");
        var (code, told) = await BuiltProgram.RunAsync(
            "load", "--url", url, "--rate", "500", "--seconds", "2", "--batch", "50", "--skew", "zipf:1.1",
            "--report", page);
        Assert.True(code == 0, told);
        Assert.Contains("1,000 of 1,000 events durable", told, StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        Assert.Contains("\"accepted\": 1000", await File.ReadAllTextAsync(Path.ChangeExtension(page, ".json")),
            StringComparison.Ordinal);

        var (topCode, top) = await BuiltProgram.RunAsync("top", "--url", url, "--every", "0.5");
        Assert.True(topCode == 0, top);
        Assert.Contains("readings-only/timed", top, StringComparison.Ordinal);
        var (listCode, list) = await LettersAsync(url);
        Assert.True(listCode == 0, list);
        var (showCode, shown) = await BuiltProgram.RunAsync("dlq", "show", "readings-only", "0", "--url", url);
        Assert.True(showCode == 0, shown);
        Assert.Contains("\"deviceId\": \"key-", shown, StringComparison.Ordinal);
        var (goneCode, gone) = await BuiltProgram.RunAsync("dlq", "show", "readings-only", "5000", "--url", url);
        Assert.Equal(1, goneCode);
        Assert.Contains("no dead letter 5000", gone, StringComparison.Ordinal);
        Assert.Equal(1, (await BuiltProgram.RunAsync("dlq", "list", "nothing", "--url", url)).ExitCode);
        Assert.Equal(1, (await BuiltProgram.RunAsync("load", "--stream", "nowhere", "--url", url)).ExitCode);
        var nowhere = Path.Combine(service.Folder, "none", "load.html");
        var (reportCode, report) = await BuiltProgram.RunAsync("load", "--url", url, "--report", nowhere);
        Assert.Equal(2, reportCode);
        Assert.Contains("There is no folder", report, StringComparison.Ordinal);
        await DiffersAsync(file, url);
    }

    private static async Task DiffersAsync(string file, string url)
    {
        var (sameCode, same) = await BuiltProgram.RunAsync("diff", file, "--url", url);
        Assert.True(sameCode == 0, same);
        Assert.Contains("  kept   timed: It goes on with all that it holds", same, StringComparison.Ordinal);
        var other = file + ".other.yaml";
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(other, text.Replace("second, 10", "second, 20", StringComparison.Ordinal));
        var (lostCode, lost) = await BuiltProgram.RunAsync("diff", other, "--url", url);
        Assert.Equal(1, lostCode);
        Assert.Contains("  lost   timed: Its query, key or lateness is another one", lost, StringComparison.Ordinal);
        var (jsonCode, json) = await BuiltProgram.RunAsync("diff", other, "--url", url, "--json");
        Assert.Equal(1, jsonCode);
        Assert.StartsWith("{\"valid\":true", json, StringComparison.Ordinal);
        await ResetsAsync(file, other, url);
        await File.WriteAllTextAsync(other, "name: readings-only\nstages: { a: { query: SELECT } }\n");
        var (wrongCode, wrong) = await BuiltProgram.RunAsync("diff", other, "--url", url);
        Assert.Equal(1, wrongCode);
        Assert.Contains("line 2", wrong, StringComparison.Ordinal);
        Assert.Equal(2, (await BuiltProgram.RunAsync("diff", file + ".none", "--url", url)).ExitCode);
    }

    private static async Task ResetsAsync(string file, string other, string url)
    {
        var (refusedCode, refused) = await BuiltProgram.RunAsync("apply", other, "--url", url);
        Assert.Equal(1, refusedCode);
        Assert.Contains("  timed: Its query, key or lateness is another one", refused, StringComparison.Ordinal);
        Assert.Contains("Apply it with --reset=timed", refused, StringComparison.Ordinal);
        var (unknownCode, unknown) = await BuiltProgram.RunAsync("apply", other, "--reset=times", "--url", url);
        Assert.Equal(1, unknownCode);
        Assert.Contains("'reset' names 'times', which is no stage", unknown, StringComparison.Ordinal);
        var (severalCode, several) = await BuiltProgram.RunAsync(
            "apply", other, file, "--reset", "timed", "--url", url);
        Assert.Equal(2, severalCode);
        Assert.Contains("give one file at a time", several, StringComparison.Ordinal);
        var (namedCode, named) = await BuiltProgram.RunAsync("apply", other, "--reset", "timed", "--url", url);
        Assert.True(namedCode == 0, named);
        Assert.Contains("in force", named, StringComparison.Ordinal);
        var (allCode, all) = await BuiltProgram.RunAsync("apply", file, "--url", url, "--reset");
        Assert.True(allCode == 0, all);
    }

    /// <summary>The events have no time: all are refused, soon.</summary>
    private static async Task<(int ExitCode, string Output)> LettersAsync(string url)
    {
        (int ExitCode, string Output) list = (0, "");
        for (var attempt = 0; attempt < 100 && !list.Output.Contains("readings/", StringComparison.Ordinal); attempt++)
        {
            list = await BuiltProgram.RunAsync("dlq", "list", "readings-only", "--url", url, "--max", "5");
        }

        Assert.Contains("readings/", list.Output, StringComparison.Ordinal);
        return list;
    }

    [Fact]
    public async Task Status_shows_stores_and_partitions_where_no_events_are_accepted()
    {
        await using var service = await RunningStandalone.StartAsync();
        var file = Path.Combine(service.Folder, "definition.yaml");
        await File.WriteAllTextAsync(file, Definition);
        Assert.Equal(0, (await BuiltProgram.RunAsync("apply", file, "--url", service.Url.ToString())).ExitCode);
        foreach (var store in new[] { "1", "2" })
        {
            Directory.Move(
                Path.Combine(service.Data, "stores", store), Path.Combine(service.Data, "stores", store + ".away"));
        }

        var (code, status) = (0, "");
        for (var attempt = 0; attempt < 300 && code == 0; attempt++)
        {
            (code, status) = await BuiltProgram.RunAsync("status", "--url", service.Url.ToString());
        }

        Assert.Equal(2, code);
        Assert.Contains("not voting", status, StringComparison.Ordinal);
        Assert.Contains("readings", status, StringComparison.Ordinal);
        Assert.Contains("No events are accepted: ", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_its_output_cannot_be_written_that_is_said_in_a_line()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs Linux: dotnet run test.cs on a Debian machine");
        await using var service = await RunningStandalone.StartAsync();
        var command = $"'{BuiltProgram.Cli}' status --url {service.Url} > /dev/full";
        using var shell = BuiltProgram.Start("/bin/sh", "-c", command);
        var told = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, shell.ExitCode);
        Assert.Single(told.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Cannot go on: ", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("send")]
    [InlineData("tail", "x")]
    [InlineData("load")]
    [InlineData("top")]
    [InlineData("dlq", "list", "x")]
    [InlineData("backup", "create")]
    [InlineData("backup", "list")]
    public async Task Where_no_service_answers_that_is_said(params string[] arguments)
    {
        var (code, output) = await BuiltProgram.RunAsync([.. arguments, "--url", "http://127.0.0.1:1"]);

        Assert.Equal(2, code);
        Assert.Contains("does not answer", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_stores_are_that_is_said() =>
        Assert.Equal(2, (await BuiltProgram.RunAsync("verify", "--data", "/nowhere")).ExitCode);
}
