using System.Diagnostics;
using System.Text;
using Pipeline.TestKit.Machines;

namespace Pipeline.Browser.Tests;

/// <summary>The built standalone service on a free port, with data and definitions in a folder of its own.</summary>
public sealed class ConsoleHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-console-").FullName;
    private readonly StringBuilder _output = new();
    private Process? _process;

    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}/");

    public HttpClient Http { get; } = new();

    public string Data => Path.Combine(_folder, "data");

    /// <summary>Starts it and waits until it accepts events; settings as "name=value".</summary>
    public async Task StartAsync(IEnumerable<string> definitions, params string[] settings)
    {
        Http.BaseAddress = Address;
        var pipelines = Directory.CreateDirectory(Path.Combine(_folder, "pipelines")).FullName;
        foreach (var (index, text) in definitions.Index())
        {
            await File.WriteAllTextAsync(Path.Combine(pipelines, $"{index}.yaml"), text);
        }

        string[] arguments =
            ["--urls", $"{Address}".TrimEnd('/'), "--data", Data, "--pipelines", pipelines];
        var start = new ProcessStartInfo(Built.Standalone, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var setting in settings)
        {
            var parts = setting.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(AcceptsAsync, StartLimit, "the service accepts events");
    }

    public async Task PostAsync(string stream, IEnumerable<string> events)
    {
        using var body = new StringContent(string.Join('\n', events), Encoding.UTF8, "application/x-ndjson");
        using var answer = await Http.PostAsync(new Uri($"v1/streams/{stream}/events", UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A store is gone, and cannot be made anew: a file stands in its place.</summary>
    public void LoseStore(int number)
    {
        var folder = Path.Combine(Data, "stores", $"{number}");
        Directory.Move(folder, folder + ".lost");
        File.WriteAllText(folder, "not a directory");
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AcceptsAsync()
    {
        Assert.False(_process!.HasExited, $"the service ended:\n{_output}");
        try
        {
            using var answer = await Http.GetAsync(new Uri("health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
