using System.Text;
using System.Text.Json;
using Pipeline.Cli.Tests.Programs;
using Xunit;

namespace Pipeline.Cli.Tests;

/// <summary>What is sent arrives as it is, once, in its order; and what is read ends where its reader ends.</summary>
public sealed class SendAndTailTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private RunningStandalone _service = null!;

    private string Url => _service.Url.ToString();

    public async ValueTask InitializeAsync()
    {
        _service = await RunningStandalone.StartAsync();
        var file = await WriteAsync("s.yaml", "name: s\nstreams: { s: { partitions: 1 } }\n");
        Assert.Equal(0, (await BuiltProgram.RunAsync("apply", file, "--url", Url)).ExitCode);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_files_lines_are_written_in_their_order()
    {
        var file = await WriteAsync("n.ndjson", string.Concat(Enumerable.Range(0, 5_000).Select(n => $"{n}\n")));

        var (code, output) = await BuiltProgram.RunAsync("send", file, "--url", Url, "--stream", "s", "--batch", "100");

        Assert.True(code == 0, output);
        var (_, tailed) = await BuiltProgram.RunAsync(
            "tail", "s", "--url", Url, "--from", "earliest", "--max", "5000");
        var numbers = tailed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("value").GetInt32());
        Assert.Equal(Enumerable.Range(0, 5_000), numbers);
    }

    [Fact]
    public async Task The_same_command_under_the_same_name_writes_nothing_twice()
    {
        var file = await WriteAsync("n.ndjson", "1\n2\n3\n");
        string[] send = ["send", file, "--url", Url, "--stream", "s", "--batch", "2", "--id", "load-7"];

        Assert.Contains("0 duplicates", (await BuiltProgram.RunAsync(send)).Output, StringComparison.Ordinal);
        var (code, output) = await BuiltProgram.RunAsync(send);

        Assert.True(code == 0, output);
        Assert.Contains("3 duplicates", output, StringComparison.Ordinal);
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task Of_a_file_that_is_not_UTF8_nothing_is_stored()
    {
        var file = Path.Combine(_service.Folder, "latin.ndjson");
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50).Select(n => $"{n}\n")));
        await File.WriteAllBytesAsync(file, [.. lines, .. "{\"v\":\"caf"u8, 0xE9, .. "\"}\n"u8]);

        var (code, output) = await BuiltProgram.RunAsync("send", file, "--url", Url, "--stream", "s", "--batch", "10");

        Assert.Equal(2, code);
        Assert.Contains("latin.ndjson, line 51: this is not UTF-8", output, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_mistake_is_named_with_the_line_of_the_file()
    {
        var file = await WriteAsync("n.ndjson", "1\n2\n\n3\n{\n");

        var (code, output) = await BuiltProgram.RunAsync("send", file, "--url", Url, "--stream", "s", "--batch", "3");

        Assert.Equal(1, code);
        Assert.Contains("n.ndjson, from line 5 on:", output, StringComparison.Ordinal);
        Assert.Contains("line 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_whose_reader_has_gone_ends()
    {
        var file = await WriteAsync("n.ndjson", string.Concat(Enumerable.Range(0, 100).Select(n => $"{n}\n")));
        Assert.Equal(0, (await BuiltProgram.RunAsync("send", file, "--url", Url, "--stream", "s")).ExitCode);
        using var shell = BuiltProgram.Start(
            "/bin/sh", "-c", $"'{BuiltProgram.Cli}' tail s --url {Url} --from earliest | head -1");
        using var limit = new CancellationTokenSource(Limit);

        var output = await shell.StandardOutput.ReadToEndAsync(limit.Token);
        await shell.WaitForExitAsync(limit.Token);

        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task No_command_writes_escape_codes_into_a_file_or_a_pipe()
    {
        var colours = new Dictionary<string, string>
        {
            ["NO_COLOR"] = "",
            ["TERM"] = "xterm-256color",
            ["COLORTERM"] = "truecolor",
        };
        var file = Path.Combine(_service.Folder, "s.yaml");
        var events = await WriteAsync("n.ndjson", "1\n");
        foreach (string[] arguments in new string[][]
        {
            ["lint", file],
            ["apply", file, "--url", Url],
            ["send", events, "--url", Url, "--stream", "s"],
            ["send", events, "--url", Url, "--stream", "nowhere"],
            ["send", "--url", Url, "--stream", "s", "--events", "10"],
            ["status", "--url", Url],
            ["status", "--url", "http://127.0.0.1:1"],
            ["verify", "--data", _service.Data],
        })
        {
            var (_, output) = await BuiltProgram.RunAsync(colours, arguments);
            Assert.False(output.Contains('\x1b'), $"{arguments[0]}: {output}");
        }
    }

    private async Task<long> CountAsync()
    {
        using var http = new HttpClient();
        var stream = await http.GetStringAsync(new Uri(_service.Url, "v1/streams/s"));
        return JsonDocument.Parse(stream).RootElement.GetProperty("partitions")[0].GetProperty("committed").GetInt64();
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_service.Folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
