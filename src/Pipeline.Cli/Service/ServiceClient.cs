using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Pipeline.Cli.Service;

/// <summary>Asks the service; a refusal or a missing answer becomes a <see cref="ServiceException"/>.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary><paramref name="key"/>: a key or token of the service; null where it asks for none.</summary>
    public ServiceClient(Uri url, string? key)
    {
        _http = new HttpClient { BaseAddress = new Uri(url.ToString().TrimEnd('/') + "/") };
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    public HttpClient Http => _http;

    public Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>How the service is; one that accepts no events says why with 503, and that is an answer.</summary>
    public Task<JsonDocument> GetHealthAsync(CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Get, "health"), cancellationToken, HttpStatusCode.ServiceUnavailable);

    /// <summary>Asks for something to be done that needs no words.</summary>
    public Task<JsonDocument> PostAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path), cancellationToken);

    public Task<JsonDocument> PutAsync(string path, string text, string mediaType, CancellationToken cancellationToken)
    {
        var content = new StringContent(text);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType) { CharSet = "utf-8" };
        return SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = content }, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonDocument> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken, HttpStatusCode alsoAnswer = HttpStatusCode.OK)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode || (response.StatusCode == alsoAnswer && IsHealth(body))
                ? JsonDocument.Parse(body)
                : throw new ServiceException((int)response.StatusCode, ServiceProblem.Lines(body))
                {
                    Lost = ServiceProblem.Lost(body),
                };
        }
        catch (HttpRequestException exception)
        {
            throw new ServiceException(0, [$"{_http.BaseAddress} does not answer: {exception.Message}"]);
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <summary>Whether it is no problem, as a proxy or a host that has too many connections gives it.</summary>
    private static bool IsHealth(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("stores", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
