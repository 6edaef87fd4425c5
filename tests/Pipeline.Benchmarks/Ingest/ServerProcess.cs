using System.Diagnostics;
using System.Globalization;
using Pipeline.TestKit.Machines;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>A server that is measured: a process of its own on a free loopback port.</summary>
public sealed class ServerProcess : IMeasuredServer, IAsyncDisposable
{
    private readonly Process _process;
    private readonly AllocationProbe? _allocations;

    private ServerProcess(string name, int port, Process process, AllocationProbe? allocations) =>
        (Name, Port, _process, _allocations) = (name, port, process, allocations);

    public string Name { get; }

    public int Port { get; }

    public double ProcessorSeconds => ProcessUse.ProcessorSeconds(_process.Id);

    public double MemoryMiB => ProcessUse.MemoryMiB(_process.Id);

    public long AllocatedBytes => _allocations?.Bytes ?? 0;

    /// <summary>
    /// Starts it and waits until GET /health answers 200; <paramref name="arguments"/> gets the URL to listen on.
    /// </summary>
    public static async Task<ServerProcess> StartAsync(
        string name,
        string program,
        string folder,
        Func<string, string[]> arguments,
        IReadOnlyDictionary<string, string>? variables = null,
        AllocationProbe? allocations = null)
    {
        var port = Ports.Free();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(program, arguments(url))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT");
        foreach (var (key, value) in (variables ?? new Dictionary<string, string>()).Concat(
            allocations?.Variables ?? new Dictionary<string, string>()))
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 600 && !process.HasExited; attempt++)
        {
            if (await IsUpAsync(http, url))
            {
                return new ServerProcess(name, port, process, allocations);
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"{name} did not start: {program}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsUpAsync(HttpClient http, string url)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url + "/health"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
