using System.Net;
using System.Text.Json;

namespace Pipeline.Cli.Chaos;

/// <summary>
/// Reads all that the service holds and delivered, and compares it with the writers' own record: the stream, a stage
/// that copies it, and the files of a sink behind that.
/// </summary>
internal sealed class ChaosOracle(IReadOnlyList<Uri> addresses, string data, TimeProvider time) : IDisposable
{
    public const string Stream = "chaos";

    private const int Page = 5_000;
    private const string Out = "out";

    private static readonly TimeSpan ApplyLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The pipeline that is tried.</summary>
    public static string Definition => $$"""
        name: chaos
        streams:
          {{Stream}}: { partitions: 4, key: key }
        stages:
          copy:
            query: SELECT key, number FROM {{Stream}}
            materialize: true
        sinks:
          files: { from: copy, files: { path: {{Out}}, roll: { size: 1MiB, every: 1s } } }

        """;

    /// <summary>Applies the pipeline; repeated while the service cannot.</summary>
    /// <exception cref="ChaosException">It is refused, or cannot for two minutes.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var (begun, last) = (time.GetTimestamp(), "");
        while (time.GetElapsedTime(begun) < ApplyLimit)
        {
            try
            {
                using var body = new StringContent(Definition, null, "application/yaml");
                using var answer = await _http.PutAsync(
                    new Uri(addresses[0], "v1/pipelines/chaos"), body, cancellationToken);
                last = $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}";
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }

                if (answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable))
                {
                    throw new ChaosException($"The service refused the pipeline, with {last}");
                }
            }
            catch (Exception fault) when (fault is HttpRequestException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                last = fault.Message;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new ChaosException($"The service did not take the pipeline within {ApplyLimit.TotalSeconds:0} s: {last}");
    }

    /// <summary>
    /// Compares each place, once all of them have all that was acknowledged, or have had nothing new for
    /// <paramref name="patience"/>; and some time after that.
    /// </summary>
    public async Task<IReadOnlyList<DeliveryCheck>> CheckAsync(
        IReadOnlyDictionary<string, KeyRecord> keys, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (isDead, isLast) = (false, false);
        await LookAsync();

        // What is there may come again: what counts is how it is after a while.
        await Task.Delay(Rest, time, cancellationToken);
        isLast = true;
        return await LookAsync();

        async Task<IReadOnlyList<DeliveryCheck>> LookAsync() =>
        [
            await SettledAsync("stream", check => ReadStreamAsync(check, Stream, cancellationToken)),
            await SettledAsync("stage", check => ReadStreamAsync(check, "chaos.copy", cancellationToken)),
            await SettledAsync("sink", check => ReadFilesAsync(check, cancellationToken)),
        ];

        async Task<DeliveryCheck> SettledAsync(string place, Func<DeliveryCheck, Task<bool>> readAsync)
        {
            var (since, last) = (time.GetTimestamp(), new DeliveryCheck(place, keys) { IsAnswered = false });
            do
            {
                var check = new DeliveryCheck(place, keys);
                if (await readAsync(check))
                {
                    if (check.Lost == 0)
                    {
                        return check;
                    }

                    since = !last.IsAnswered || check.Found > last.Found ? time.GetTimestamp() : since;
                    last = check;
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
            while (!isDead && !(isLast && last.IsAnswered) && time.GetElapsedTime(since) <= patience);

            // Whoever does not answer after all that time is not waited for again.
            isDead |= !last.IsAnswered;
            return last;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>False: it does not answer now.</summary>
    private async Task<bool> ReadStreamAsync(DeliveryCheck check, string stream, CancellationToken cancellationToken)
    {
        var path = $"v1/streams/{stream}";
        if (await GetAsync(path, cancellationToken) is not { } text)
        {
            return false;
        }

        using var json = JsonDocument.Parse(text);
        var partitions = json.RootElement.GetProperty("partitions").GetArrayLength();
        for (var partition = 0; partition < partitions; partition++)
        {
            for (var from = 0L; ;)
            {
                var page = $"{path}/events?partition={partition}&from={from}&max={Page}";
                if (await GetAsync(page, cancellationToken) is not { } lines)
                {
                    return false;
                }

                var before = from;
                foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    using var stored = JsonDocument.Parse(line);
                    from = stored.RootElement.GetProperty("offset").GetInt64() + 1;
                    Take(check, stored.RootElement.GetProperty("value"));
                }

                if (from == before)
                {
                    break;
                }
            }
        }

        return true;
    }

    private async Task<string?> GetAsync(string path, CancellationToken cancellationToken)
    {
        foreach (var address in addresses)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri(address, path), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return await answer.Content.ReadAsStringAsync(cancellationToken);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The next one.
            }
        }

        return null;
    }

    /// <summary>Files that the sink has finished; what it still writes has a name that begins with a dot.</summary>
    private async Task<bool> ReadFilesAsync(DeliveryCheck check, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(data, Out);
        if (!Directory.Exists(folder))
        {
            return true;
        }

        var files = Directory.EnumerateFiles(folder, "*.ndjson", SearchOption.AllDirectories)
            .Where(static path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal);
        foreach (var path in files)
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                using var row = JsonDocument.Parse(line);
                Take(check, row.RootElement);
            }
        }

        return true;
    }

    private static void Take(DeliveryCheck check, JsonElement value) =>
        check.Take(value.GetProperty("key").GetString()!, value.GetProperty("number").GetInt64());
}
