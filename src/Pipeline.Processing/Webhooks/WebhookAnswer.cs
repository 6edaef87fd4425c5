namespace Pipeline.Processing.Webhooks;

/// <summary>What an attempt to deliver one event came to.</summary>
internal enum WebhookVerdict
{
    /// <summary>The target has it.</summary>
    Delivered,

    /// <summary>The target will not take it, however often it is sent.</summary>
    Refused,

    /// <summary>The target took nothing of it, or nobody knows; it is sent again.</summary>
    Failed,
}

/// <summary>The outcome of one attempt.</summary>
/// <param name="Verdict">What it came to.</param>
/// <param name="Reason">Why it was not delivered, for people, without secrets.</param>
/// <param name="NeedsPerson">It will not mend by itself, as a URL that is not there.</param>
/// <param name="IsAnswer">The target answered, and it may be because of the event.</param>
/// <param name="RetryAfter">How long the target asks to wait.</param>
internal readonly record struct WebhookAnswer(
    WebhookVerdict Verdict,
    string Reason = "",
    bool NeedsPerson = false,
    bool IsAnswer = false,
    TimeSpan? RetryAfter = null);
