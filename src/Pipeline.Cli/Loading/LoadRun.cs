using System.Net.Http.Headers;
using System.Text.Json;

namespace Pipeline.Cli.Loading;

/// <summary>
/// Puts a load on a stream in an open loop: requests are due by the clock, whatever came of those before, and a latency
/// counts from when its request was due. So a service that stops for a second shows all that would have waited. Nothing
/// is sent again.
/// </summary>
internal sealed class LoadRun(LoadOptions options, LoadBody body, HttpClient http, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Ndjson = new("application/x-ndjson");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _run = Guid.CreateVersion7().ToString("N");
    private readonly string _path = $"v1/streams/{Uri.EscapeDataString(options.Stream)}/events";
    private long _started;
    private long _number;

    public LoadTally Tally { get; } = new(options.Seconds);

    /// <summary>How long it took, with the last answer.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Ends when all that was due is answered; cancelled, no more is due.</summary>
    public async Task RunAsync(Action progress, CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(options.InFlight);
        var sending = new HashSet<Task>();
        _started = time.GetTimestamp();
        try
        {
            foreach (var due in Due())
            {
                var ahead = TimeSpan.FromSeconds(due) - time.GetElapsedTime(_started);
                if (ahead > TimeSpan.Zero)
                {
                    await Task.Delay(ahead, time, cancellationToken);
                }

                var request = body.Next();
                Tally.Plan(due, options.Batch);
                await places.WaitAsync(cancellationToken);
                sending.RemoveWhere(static task => task.IsCompleted);
                sending.Add(Task.Run(() => SendAsync(request, due, places), CancellationToken.None));
                progress();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was sent is still counted.
        }

        await Task.WhenAll(sending);
        Took = time.GetElapsedTime(_started);
    }

    /// <summary>Without a rate a request is due when there is a place for it.</summary>
    private IEnumerable<double> Due()
    {
        if (options.Rate > 0)
        {
            return LoadSchedule.Moments(options);
        }

        return Now();

        IEnumerable<double> Now()
        {
            while (time.GetElapsedTime(_started).TotalSeconds is var now && now < options.Seconds)
            {
                yield return now;
            }
        }
    }

    private async Task SendAsync(byte[] events, double due, SemaphoreSlim places)
    {
        // Without a rate nothing was due before it was sent.
        var from = options.Rate > 0 ? due : time.GetElapsedTime(_started).TotalSeconds;
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using var request = new HttpRequestMessage(HttpMethod.Post, _path);
            request.Content = new ByteArrayContent(events) { Headers = { ContentType = Ndjson } };
            request.Headers.Add("Idempotency-Key", $"\"{_run}-{Interlocked.Increment(ref _number)}\"");
            using var response = await http.SendAsync(request, limit.Token);
            var answer = await response.Content.ReadAsByteArrayAsync(limit.Token);
            if (response.IsSuccessStatusCode)
            {
                Tally.Accept(due, options.Batch, time.GetElapsedTime(_started).TotalSeconds - from);
            }
            else
            {
                Tally.Fail(due, KindOf((int)response.StatusCode, answer));
            }
        }
        catch (OperationCanceledException)
        {
            Tally.Fail(due, $"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException fault)
        {
            Tally.Fail(due, $"no connection ({fault.HttpRequestError})");
        }
        finally
        {
            places.Release();
        }
    }

    private static string KindOf(int status, byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.TryGetProperty("type", out var type)
                ? $"{status} {type.GetString()?.Split(':')[^1]}"
                : $"{status}";
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return $"{status}";
        }
    }
}
