using System.ComponentModel;
using System.Diagnostics;

namespace Pipeline.Cli.Chaos;

/// <summary>One process of the system: started, harmed, and started again under the same name and address.</summary>
internal sealed class ChaosProcess(ChaosProgram program, string log) : IAsyncDisposable
{
    private const int MostEnds = 20;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { BaseAddress = program.Address, Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>One fault at a time harms it.</summary>
    private readonly SemaphoreSlim _gate = new(1);

    private readonly Lock _writing = new();
    private readonly List<string> _ends = [];
    private Process? _process;
    private bool _isHarmed;
    private bool _wasReady;

    public string Name => program.Name;

    public Uri Address => program.Address;

    /// <summary>How it ended without having been told to: each is a finding.</summary>
    public IReadOnlyList<string> Ends
    {
        get
        {
            lock (_ends)
            {
                return [.. _ends];
            }
        }
    }

    /// <summary>Starts it; it is ready some time later.</summary>
    /// <exception cref="ChaosException">There is no such program, or it is none.</exception>
    public void Start()
    {
        var start = new ProcessStartInfo(program.File, program.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in program.Variables)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception wrong)
        {
            process.Dispose();
            throw new ChaosException($"{Name} cannot be started: {wrong.Message.TrimEnd('.')}.");
        }

        (_process, _isHarmed) = (process, false);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.Exited += (_, _) => Ended(process);
        process.EnableRaisingEvents = true;
    }

    /// <summary>Waits until it serves.</summary>
    /// <exception cref="ChaosException">It ended, or does not serve in time.</exception>
    public async Task IsReadyAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyNowAsync(cancellationToken))
        {
            if (_process is { HasExited: true } ended)
            {
                await ended.WaitForExitAsync(cancellationToken);
                throw new ChaosException(
                    $"{Name} ended with exit code {ended.ExitCode} while it started: {LastWords()}");
            }

            if (Stopwatch.GetElapsedTime(started) > program.ReadyLimit)
            {
                throw new ChaosException(
                    $"{Name} does not serve within {program.ReadyLimit.TotalSeconds:0} s: {LastWords()}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        _wasReady = true;
    }

    /// <summary>kill -9, and started again.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => HarmAsync(
        async () =>
        {
            _process!.Kill();
            await _process.WaitForExitAsync(cancellationToken);
            Start();
        },
        cancellationToken);

    /// <summary>Asked to end, and started again.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => HarmAsync(
        async () =>
        {
            await SignalAsync("TERM", cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StopLimit);
            try
            {
                await _process!.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Add($"{Name} did not end within {StopLimit.TotalSeconds:0} s of being asked to");
                _process!.Kill();
                await _process.WaitForExitAsync(cancellationToken);
            }

            Start();
        },
        cancellationToken);

    /// <summary>Gets no time to run for a while.</summary>
    public Task FreezeAsync(TimeSpan time, CancellationToken cancellationToken) => HarmAsync(
        async () =>
        {
            await SignalAsync("STOP", cancellationToken);
            try
            {
                await Task.Delay(time, TimeProvider.System, cancellationToken);
            }
            finally
            {
                await SignalAsync("CONT", CancellationToken.None);
            }
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _isHarmed = true;
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }

        _process?.Dispose();
        _http.Dispose();
        _gate.Dispose();
    }

    private async Task HarmAsync(Func<Task> harm, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var was = _process;
            _isHarmed = true;
            await harm();
            _isHarmed = false;
            if (ReferenceEquals(was, _process) && was is { HasExited: true })
            {
                Ended(was);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> IsReadyNowAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(program.Ready, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>By itself: that is said, and it is started again.</summary>
    private void Ended(Process process)
    {
        if (_isHarmed || !_wasReady || !ReferenceEquals(process, _process))
        {
            return;
        }

        Add($"{Name} ended by itself, with exit code {process.ExitCode}");
        if (Ends.Count > MostEnds)
        {
            return;
        }

        try
        {
            Start();
        }
        catch (ChaosException wrong)
        {
            Add(wrong.Message);
        }
    }

    /// <summary>What it printed last: why it ended is there.</summary>
    private string LastWords()
    {
        lock (_writing)
        {
            return File.Exists(log) ? File.ReadLines(log).LastOrDefault(static line => line.Length > 0) ?? "" : "";
        }
    }

    private void Add(string end)
    {
        lock (_ends)
        {
            _ends.Add(end);
        }
    }

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_writing)
        {
            File.AppendAllText(log, line + Environment.NewLine);
        }
    }
}

/// <summary>How a process is started.</summary>
/// <param name="Name">What experiments call it.</param>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Ready">The path that answers 200 once it serves.</param>
internal sealed record ChaosProgram(
    string Name, string File, IReadOnlyList<string> Arguments, Uri Address, string Ready)
{
    /// <summary>How long it may take until it serves.</summary>
    public TimeSpan ReadyLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Variables that it gets beside those of this process; null: it does not get that one.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();
}
