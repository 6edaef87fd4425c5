using System.Diagnostics;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cli.Tests.Programs;

/// <summary>A service as a process of its own, on data of its own, without definitions.</summary>
internal sealed class RunningStandalone : IAsyncDisposable
{
    private readonly Process _process;

    private RunningStandalone(Process process, string folder, Uri url) =>
        (_process, Folder, Url) = (process, folder, url);

    public string Folder { get; }

    public Uri Url { get; }

    public string Data => Path.Combine(Folder, "data");

    /// <param name="variables">Environment variables of the service.</param>
    /// <param name="files">What lies in its folder of definitions: names and texts; null: nothing.</param>
    public static async Task<RunningStandalone> StartAsync(
        IReadOnlyDictionary<string, string>? variables = null, IReadOnlyDictionary<string, string>? files = null)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-cli-").FullName;
        var url = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var definitions = Directory.CreateDirectory(Path.Combine(folder, "pipelines")).FullName;
        foreach (var (name, text) in files ?? new Dictionary<string, string>())
        {
            await File.WriteAllTextAsync(Path.Combine(definitions, name), text);
        }

        var process = BuiltProgram.Start(
            BuiltProgram.Standalone, variables ?? new Dictionary<string, string>(),
            "--urls", url.ToString().TrimEnd('/'), "--data", Path.Combine(folder, "data"),
            "--pipelines", definitions);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var service = new RunningStandalone(process, folder, url);
        await service.AcceptsAsync();
        return service;
    }

    /// <summary>Asks it to stop, and waits.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task AcceptsAsync()
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Url, "health"), limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(20, limit.Token);
        }
    }
}
