using System.Diagnostics;
using System.Text;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>A silo or a front as a process of its own.</summary>
internal sealed class ClusterProcess : IDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly string _ready;
    private bool _isDisposed;

    public ClusterProcess(
        string program,
        Uri address,
        string ready,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        (Address, _ready) = (address, ready);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            _process.StartInfo.Environment[name] = value;
        }

        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    public bool HasExited => _isDisposed || _process.HasExited;

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

    /// <summary>Waits until it says it is ready; fails when it ends before.</summary>
    public async Task IsReadyAsync(TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (await StatusAsync(_ready) is var status and not 200)
        {
            if (HasExited)
            {
                Assert.Fail(Ended());
            }

            Assert.True(watch.Elapsed < limit, $"{Address}{_ready} answers {status} ever since:\n{Output}");
            await Task.Delay(50);
        }
    }

    /// <summary>What GET on one of its paths answers.</summary>
    public Task<string> GetAsync(string path) => Probe.GetStringAsync(new Uri(Address, path));

    /// <summary>The status that one of its paths answers with; 0 where nothing answers.</summary>
    public async Task<int> StatusAsync(string path)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Address, path));
            return (int)answer.StatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    /// <summary>A silo that was another one before has none of its threads: loops, and those of stores.</summary>
    public void HasThreadsOfOneSilo()
    {
        var names = Directory.GetDirectories($"/proc/{_process.Id}/task")
            .Select(static task => File.ReadAllText(Path.Combine(task, "comm")).Trim()).ToList();
        Assert.Single(names, "root");
        Assert.Single(names, "scrub");
        Assert.Single(names, "partitions 0");
        Assert.Equal(names.Count(static name => name.StartsWith("store ", StringComparison.Ordinal)),
            names.Where(static name => name.StartsWith("store ", StringComparison.Ordinal)).Distinct().Count());
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public void Kill()
    {
        if (!_isDisposed && !_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    /// <summary>What it printed last: the reason is there.</summary>
    private string Ended()
    {
        const int LastLines = 30;
        _process.WaitForExit();
        var lines = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return $"it ended with {_process.ExitCode}:\n{string.Join('\n', lines.TakeLast(LastLines))}";
    }

    public Task SignalAsync(string signal) => Command.MustRunAsync("kill", $"-{signal}", $"{_process.Id}");

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> ExitsAsync(TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (!_process.HasExited)
        {
            Assert.True(watch.Elapsed < limit, $"still there after {limit.TotalSeconds} s:\n{Output}");
            await Task.Delay(50);
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        Kill();
        _isDisposed = true;
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
