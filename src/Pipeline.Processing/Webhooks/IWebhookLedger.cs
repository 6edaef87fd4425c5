using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Webhooks;

/// <summary>Where a delivery writes down how far it came. On the sink's loop.</summary>
internal interface IWebhookLedger
{
    /// <summary>Writes a dead letter, durably; false where a later activation is there.</summary>
    ValueTask<bool> TryRefuseAsync(SinkRow row, string reason, int attempts, CancellationToken cancellationToken);

    /// <summary>This row and all before it are settled.</summary>
    void Pass(SinkRow row, bool isDelivered);

    /// <summary>Saves how far it came where that is due; false where it is over.</summary>
    ValueTask<bool> TryKeepAsync(CancellationToken cancellationToken);

    /// <summary>The oldest row that is not settled was sent in vain, so many times; null: all goes well.</summary>
    void Tell((SinkRow Row, int Attempts, WebhookAnswer Last)? trouble);
}
