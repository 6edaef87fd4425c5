using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Pipeline.Cli.Loading;
using Pipeline.Definitions.Experiments;

namespace Pipeline.Cli.Chaos;

/// <summary>
/// Writers that each own some keys and have one request on its way, which they repeat under the same Idempotency-Key
/// until it is acknowledged. Events are due by the clock: what had to wait counts from when it was due, and is sent in
/// larger requests. What was acknowledged, only this record knows: no answer of the service's is taken for it later.
/// </summary>
internal sealed class ChaosLoad : IDisposable
{
    private const int MostLate = 1_000;

    private static readonly MediaTypeHeaderValue Ndjson = new("application/x-ndjson");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ExperimentLoad _load;
    private readonly IReadOnlyList<Uri> _addresses;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly ConcurrentQueue<TimeSpan> _acknowledgements = new();
    private readonly Dictionary<string, KeyRecord> _keys = [];
    private readonly string _path;
    private TimeSpan[]? _inOrder;
    private long _started;
    private long _last;
    private long _batches;
    private long _soon;

    public ChaosLoad(ExperimentLoad load, string stream, IReadOnlyList<Uri> addresses, TimeProvider time)
    {
        (_load, _addresses, _time) = (load, addresses, time);
        _path = $"v1/streams/{Uri.EscapeDataString(stream)}/events";
        Tally = new LoadTally(load.Time.TotalSeconds);
        for (var key = 0; key < load.Keys; key++)
        {
            _keys[Name(key)] = new KeyRecord();
        }
    }

    public LoadTally Tally { get; }

    /// <summary>What was sent, by key.</summary>
    public IReadOnlyDictionary<string, KeyRecord> Keys => _keys;

    /// <summary>Since the load began.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>Since anything was acknowledged.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _last));

    /// <summary>The share of what was due that was acknowledged within a second.</summary>
    public double Availability => _batches == 0 ? 0 : (double)Interlocked.Read(ref _soon) / _batches;

    /// <summary>
    /// The longest time without any acknowledgement that ended, or lasted, between two moments since the beginning. To
    /// be asked once the load has ended.
    /// </summary>
    public TimeSpan LongestSilence(TimeSpan from, TimeSpan to)
    {
        _inOrder ??= [.. _acknowledgements.Order()];
        var (longest, before) = (TimeSpan.Zero, from);
        var first = Array.BinarySearch(_inOrder, from);
        for (var i = first < 0 ? ~first : first; i < _inOrder.Length && before < to; i++)
        {
            longest = _inOrder[i] - before > longest ? _inOrder[i] - before : longest;
            before = _inOrder[i];
        }

        return longest;
    }

    /// <summary>Ends when all that was due is acknowledged; cancelled, at once.</summary>
    /// <exception cref="ChaosException">The service refused a request that is right.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _started = _last = _time.GetTimestamp();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writers = Enumerable.Range(0, _load.Writers)
            .Select(writer => Task.Run(() => WriteAsync(writer, failed.Token), CancellationToken.None)).ToList();
        await foreach (var ended in Task.WhenEach(writers))
        {
            if (ended.IsFaulted)
            {
                await failed.CancelAsync();
            }
        }

        // Of those that were refused and those that were ended for it, the first count.
        await Task.WhenAll(writers);
    }

    public void Dispose() => _http.Dispose();

    private static string Name(int key) => string.Create(CultureInfo.InvariantCulture, $"key-{key}");

    private async Task WriteAsync(int writer, CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, _load.Keys).Where(key => key % _load.Writers == writer).Select(Name).ToArray();
        var turns = (long)Math.Ceiling(_load.Time.TotalSeconds * _load.Rate / _load.Batch) - writer;
        var batches = (turns + _load.Writers - 1) / _load.Writers;
        for (var (batch, request, turn) = (0L, 0L, 0); batch < batches; request++)
        {
            var ahead = TimeSpan.FromSeconds(Due(batch)) - Elapsed;
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead, _time, cancellationToken);
            }

            // All that is due by now goes at once: those who produce buffer while nothing is accepted.
            var due = new List<double>();
            do
            {
                due.Add(Due(batch));
                Tally.Plan(due[^1], _load.Batch);
                batch++;
            }
            while (batch < batches && Due(batch) <= Elapsed.TotalSeconds
                && (due.Count + 1) * _load.Batch <= MostLate);
            var events = due.Count * _load.Batch;
            var used = Enumerable.Range(turn, Math.Min(events, keys.Length)).Select(at => keys[at % keys.Length]);
            var body = Body(keys, turn, events);
            turn = (turn + events) % keys.Length;
            await SendAsync(body, $"{writer}-{request}", writer, due, cancellationToken);
            foreach (var key in used)
            {
                _keys[key].Acknowledge();
            }
        }

        // Writers take turns.
        double Due(long batch) => ((double)(batch * _load.Writers) + writer) * _load.Batch / _load.Rate;
    }

    private byte[] Body(string[] keys, int turn, int events)
    {
        var text = new StringBuilder();
        for (var i = 0; i < events; i++)
        {
            var key = keys[(turn + i) % keys.Length];
            text.Append(CultureInfo.InvariantCulture, $"{{\"key\":\"{key}\",\"number\":{_keys[key].Next()}}}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private async Task SendAsync(
        byte[] body, string name, int writer, List<double> due, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _batches, due.Count);
        for (var attempt = writer; ; attempt++)
        {
            var address = _addresses[attempt % _addresses.Count];
            if (await IsAcceptedAsync(new Uri(address, _path), body, name, due[0], cancellationToken))
            {
                var now = Elapsed;
                Volatile.Write(ref _last, _time.GetTimestamp());
                _acknowledgements.Enqueue(now);
                foreach (var one in due)
                {
                    var latency = now.TotalSeconds - one;
                    Tally.Accept(one, _load.Batch, latency);
                    Interlocked.Add(ref _soon, latency <= Soon.TotalSeconds ? 1 : 0);
                }

                return;
            }

            await Task.Delay(Pause, _time, cancellationToken);
        }
    }

    private async Task<bool> IsAcceptedAsync(
        Uri target, byte[] body, string name, double due, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target);
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = Ndjson } };
            request.Headers.Add("Idempotency-Key", $"\"{name}\"");
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return true;
            }

            var status = (int)answer.StatusCode;
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (status is not (429 or 500 or 502 or 503 or 504)
                && !text.Contains("request-in-progress", StringComparison.Ordinal))
            {
                throw new ChaosException($"The service refused a request that is right, with {status}: {text}");
            }

            Tally.Fail(due, $"{status}");
        }
        catch (HttpRequestException fault)
        {
            Tally.Fail(due, $"no connection ({fault.HttpRequestError})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Tally.Fail(due, $"no answer within {Patience.TotalSeconds:0} s");
        }

        return false;
    }
}
