using System.Net.Http.Headers;
using System.Text.Json;
using Pipeline.Cli.Service;

namespace Pipeline.Cli.Sending;

/// <summary>
/// Posts batches, one after the other unless more at a time are asked for, each under a handle of its own: what is sent
/// again after a lost answer is not there twice. One at a time keeps the order of the lines in every partition. Slows
/// down to the rate asked for, and to what the service takes (429, 503).
/// </summary>
internal sealed class Sender(SendOptions options, HttpClient http, TimeProvider time, Action<int> progress)
{
    private static readonly MediaTypeHeaderValue Ndjson = new("application/x-ndjson");
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly string _run = options.Id ?? Guid.CreateVersion7().ToString("N");
    private readonly Lock _lock = new();
    private long _handedOut;

    public SendSummary Summary { get; } = new();

    public async Task RunAsync(IEnumerable<Batch> batches, CancellationToken cancellationToken)
    {
        using var source = batches.GetEnumerator();
        var started = time.GetTimestamp();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        async Task WorkAsync()
        {
            while (Next(source) is { } batch)
            {
                await PaceAsync(batch.Events, started, failed.Token);
                await SendAsync(batch, failed.Token);
                progress(batch.Events);
            }
        }

        var workers = Enumerable.Range(0, options.InFlight).Select(_ => Task.Run(WorkAsync, failed.Token)).ToList();
        try
        {
            while (workers.Count > 0)
            {
                var done = await Task.WhenAny(workers);
                workers.Remove(done);
                await done;
            }
        }
        catch (Exception)
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private Batch? Next(IEnumerator<Batch> source)
    {
        lock (_lock)
        {
            return source.MoveNext() ? source.Current : null;
        }
    }

    private async Task PaceAsync(int events, long started, CancellationToken cancellationToken)
    {
        if (options.Rate <= 0)
        {
            return;
        }

        var due = TimeSpan.FromSeconds(Interlocked.Add(ref _handedOut, events) / options.Rate);
        var ahead = due - time.GetElapsedTime(started);
        if (ahead > TimeSpan.Zero)
        {
            await Task.Delay(ahead, time, cancellationToken);
        }
    }

    private async Task SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = Double(pause))
        {
            if (await TryAsync(batch, started, cancellationToken) is not { } wait)
            {
                return;
            }

            Summary.Retry();
            await Task.Delay(wait > TimeSpan.Zero ? wait : pause, time, cancellationToken);
        }
    }

    private static TimeSpan Double(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    /// <summary>Null when it was acknowledged; else how long to wait (zero: as it seems best).</summary>
    private async Task<TimeSpan?> TryAsync(Batch batch, long started, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"v1/streams/{Uri.EscapeDataString(options.Stream)}/events");
        request.Content = new ByteArrayContent(batch.Body) { Headers = { ContentType = Ndjson } };
        request.Headers.Add("Idempotency-Key", $"\"{_run}-{batch.Number}\"");
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                using var answer = JsonDocument.Parse(body);
                Summary.Acknowledge(
                    answer.RootElement.GetProperty("accepted").GetInt64(),
                    answer.RootElement.GetProperty("duplicates").GetInt64(),
                    time.GetElapsedTime(started));
                return null;
            }

            var mayRetry = (int)response.StatusCode is 429 or 503 || response.Headers.RetryAfter is not null;
            return mayRetry
                ? response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero
                : throw new ServiceException(
                    (int)response.StatusCode,
                    batch.Place.Length > 0
                        ? [$"{batch.Place}:", .. ServiceProblem.Lines(body)]
                        : ServiceProblem.Lines(body));
        }
        catch (HttpRequestException exception)
        {
            return Summary.Accepted + Summary.Duplicates > 0
                ? TimeSpan.Zero
                : throw new ServiceException(0, [$"{http.BaseAddress} does not answer: {exception.Message}"]);
        }
    }
}
