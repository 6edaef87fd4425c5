using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Webhooks;

/// <summary>Sends one event once.</summary>
internal interface IWebhookPost
{
    /// <summary>Whatever goes wrong is an answer; throws only where it is cancelled.</summary>
    Task<WebhookAnswer> SendAsync(SinkRow row, CancellationToken cancellationToken);
}
