using System.Net.Http.Headers;
using Pipeline.Processing.Webhooks;

namespace Pipeline.Monitoring.Alerts;

/// <summary>POSTs a notification once.</summary>
internal sealed class AlertPost(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = Patience,
        UseCookies = false,
    })
    {
        Timeout = Patience,
    };

    /// <summary>Why it did not arrive; null: it did.</summary>
    public async Task<string?> SendAsync(AlertTarget target, AlertNotice notice, CancellationToken cancellationToken)
    {
        var body = AlertBody.Write(notice, target.Format, time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (target.Secret is { } secret)
        {
            request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(body, secret));
        }

        try
        {
            using var answer = await _client.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException refused)
        {
            return refused.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it did not answer within {Patience.TotalSeconds} s";
        }
    }

    public void Dispose() => _client.Dispose();
}
