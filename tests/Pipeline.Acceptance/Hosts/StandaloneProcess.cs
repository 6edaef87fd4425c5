using System.Diagnostics;
using System.Text;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance.Hosts;

/// <summary>The built standalone service as a process of its own.</summary>
public sealed class StandaloneProcess : IAsyncDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Uri _address;

    private bool _isDisposed;

    private StandaloneProcess(ProcessStartInfo start, Uri address)
    {
        _address = address;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        SinceStart = Stopwatch.StartNew();
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id { get; }

    /// <summary>Runs since just before the process was started.</summary>
    public Stopwatch SinceStart { get; }

    /// <summary>All that it printed until now.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary><paramref name="reachedAt"/>: where clients find it, if not at the address it listens on.</summary>
    public static StandaloneProcess Start(Site site, Uri address, Uri? reachedAt = null)
    {
        string[] command = [.. site.Prefix, Built.Standalone];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = site.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var url = address.ToString().TrimEnd('/');
        string[] urls = site.UsesUrls ? ["--urls", url] : [];
        string[] folders = site.UsesDefaults ? [] : ["--data", site.Data, "--pipelines", site.Definitions];
        foreach (var argument in urls.Concat(folders).Concat(site.Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return Started(site, start, reachedAt ?? address);
    }

    /// <summary>As the README says, from the repository, with the site's data and the definitions there.</summary>
    public static StandaloneProcess StartByDotnetRun(Site site)
    {
        string[] command = ["run", "-c", "Release", "--no-build", "--project", "src/Pipeline.Standalone", "--"];
        string[] options = ["--urls", $"{site.Address}", "--data", site.Data];
        var start = new ProcessStartInfo("dotnet", [.. command, .. options])
        {
            WorkingDirectory = Built.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Started(site, start, site.Address);
    }

    /// <summary>Waits until GET /health answers 200; fails when the process ends before.</summary>
    public async Task AcceptsAsync(TimeSpan limit)
    {
        while (!await IsAcceptingAsync())
        {
            Assert.False(HasExited, $"the service ended:\n{Output}");
            Assert.True(SinceStart.Elapsed < limit, $"not accepting after {limit.TotalSeconds} s:\n{Output}");
            await Task.Delay(10);
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public void Kill()
    {
        if (!_isDisposed && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
    }

    /// <summary>Asks it to stop (SIGTERM) and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Command.RunAsync("kill", "-TERM", $"{Id}");
        return await ExitsAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> ExitsAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"still running after {limit.TotalSeconds} s:\n{Output}");
        }

        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _isDisposed = true;
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static StandaloneProcess Started(Site site, ProcessStartInfo start, Uri address)
    {
        foreach (var (name, value) in site.Variables)
        {
            start.Environment[name] = value;
        }

        var process = new StandaloneProcess(start, address);
        site.Add(process);
        return process;
    }

    private async Task<bool> IsAcceptingAsync()
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(_address, "health"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException)
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
