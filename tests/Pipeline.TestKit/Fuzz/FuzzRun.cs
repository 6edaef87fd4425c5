using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Pipeline.TestKit.Wire;

namespace Pipeline.TestKit.Fuzz;

/// <summary>
/// Sends malformed requests to one address from some clients at a time, and asks for health and streams meanwhile. Each
/// request must end: by an answer that is no mistake of the server, or by the connection's end.
/// </summary>
public sealed class FuzzRun(Uri address, int seed)
{
    public const string Definition = """
        name: fuzz
        streams:
          fuzz: { partitions: 2, key: k, missingKey: spread }
        stages:
          odd: { materialize: true, query: SELECT k FROM fuzz }
        """;

    private const int Clients = 16;

    /// <summary>Longer than the service waits for a body that stops.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>An answer that takes longer is waited for as well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ControlBar = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<TimeSpan> _control = [];
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _mistakes = new();
    private int _sent;

    /// <summary>How many answers had which status; 0: the connection ended without one.</summary>
    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    /// <summary>What went wrong, with the request that did it.</summary>
    public IReadOnlyCollection<string> Mistakes => _mistakes;

    /// <summary>What is asked for meanwhile.</summary>
    public IReadOnlyList<string> Control { get; init; } = ["health/live", "v1/streams", "v1/pipelines", "health"];

    public async Task RunAsync(int requests)
    {
        using var over = new CancellationTokenSource();
        var control = ControlAsync(over.Token);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => SendAsync(client, requests))));
        await over.CancelAsync();
        await control;
    }

    /// <summary>
    /// A control request takes a second at most. Where other programs take the processors no single one can be held to
    /// that; then half of them are.
    /// </summary>
    public void AssertServedMeanwhile(bool isMachineIdle)
    {
        TimeSpan[] took = [.. _control.Order()];
        Assert.NotEmpty(took);
        var share = isMachineIdle ? 0.99 : 0.5;
        Assert.InRange(took[(int)(share * (took.Length - 1))], TimeSpan.Zero, ControlBar);
    }

    private async Task SendAsync(int client, int requests)
    {
        var fuzzer = new RequestFuzzer((seed * Clients) + client);
        while (Interlocked.Increment(ref _sent) <= requests && _mistakes.Count < 10)
        {
            var request = fuzzer.Next();
            using var limit = new CancellationTokenSource(Hang);
            try
            {
                var status = await StatusAsync(request, limit.Token);
                _statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
                if (status is 500 or 502 or 504)
                {
                    _mistakes.Enqueue($"{status} for {Shown(request)}");
                }
            }
            catch (OperationCanceledException)
            {
                _mistakes.Enqueue($"no end within {Hang} for {Shown(request)}");
            }
            catch (Exception exception) when (exception is FormatException or IndexOutOfRangeException)
            {
                _mistakes.Enqueue($"no HTTP came back for {Shown(request)}");
            }
        }
    }

    /// <summary>Where no answer comes the request was not whole: then the client hangs up, which must end it.</summary>
    private async Task<int> StatusAsync(byte[] request, CancellationToken limit)
    {
        using var connection = await RawConnection.OpenAsync(address, limit);
        await connection.TrySendAsync(request, limit);
        var answer = connection.ReadHeadAsync(limit);
        if (await Task.WhenAny(answer, Task.Delay(Patience, limit)) != answer)
        {
            connection.Shutdown();
        }

        return (await answer)?.Status ?? 0;
    }

    private async Task ControlAsync(CancellationToken over)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = Hang };
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var path = Control[i % Control.Count];
            var watch = Stopwatch.StartNew();
            try
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), over);
                _control.Add(watch.Elapsed);
                if ((int)answer.StatusCode is not (200 or 503))
                {
                    _mistakes.Enqueue($"{(int)answer.StatusCode} for GET {path} meanwhile");
                }

                await Task.Delay(50, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                _mistakes.Enqueue($"GET {path} meanwhile: {exception.Message}");
                return;
            }
        }
    }

    private static string Shown(byte[] request)
    {
        var text = Encoding.Latin1.GetString(request.AsSpan(0, Math.Min(request.Length, 600)));
        return string.Concat(text.Select(static c => c is >= ' ' and < (char)127 ? $"{c}" : $"\\x{(int)c:x2}"));
    }
}
