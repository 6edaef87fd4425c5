using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Pipeline.Cli.Service;

/// <summary>
/// Reads server-sent events of one stream and remembers the last id, so that the next read goes on behind it.
/// </summary>
internal sealed class EventStreamReader(HttpClient http, string stream, string from)
{
    private string? _lastId;

    /// <summary>The data of each event, until the connection ends; refusals are thrown, a broken one is not.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var isProblem = false;
        string? id = null;
        while (await ReadLineAsync(lines, cancellationToken) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line == "event: problem")
            {
                isProblem = true;
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                if (isProblem)
                {
                    throw new ServiceException(500, [line[6..]]);
                }

                _lastId = id;
                yield return line[6..];
            }
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"v1/streams/{Uri.EscapeDataString(stream)}/events?from={Uri.EscapeDataString(from)}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (_lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", _lastId);
        }

        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? response
                : throw new ServiceException(
                    (int)response.StatusCode,
                    ServiceProblem.Lines(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        }
        catch (HttpRequestException exception)
        {
            throw new ServiceException(0, [$"{http.BaseAddress} does not answer: {exception.Message}"]);
        }
    }

    private static async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return null;
        }
    }
}
