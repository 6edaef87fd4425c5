namespace Pipeline.Definitions;

/// <summary>What the body of a webhook's request is.</summary>
public enum WebhookFormat
{
    /// <summary>The event's value, as it is.</summary>
    Json,

    /// <summary>A CloudEvent in structured mode, with the value as its data.</summary>
    CloudEvents,
}

/// <summary>Which URL a sink POSTs each event to, and how.</summary>
public sealed record WebhookSinkDefinition : SinkTarget
{
    /// <summary>Requests under way at once, of one partition, where nothing is said.</summary>
    public const int DefaultConcurrency = 8;

    /// <summary>How long an answer is waited for, where nothing is said.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    public override string Kind => "webhook";

    public override string Signature => $"{WrittenUrl ?? Url.AbsoluteUri}|{Format}";

    public override bool Refuses => true;

    /// <summary>Absolute, http or https; shown only where <see cref="WrittenUrl"/> is null.</summary>
    public required Uri Url { get; init; }

    /// <summary>The URL as the text has it, with <c>${NAME}</c> instead of values; null: it has none.</summary>
    public string? WrittenUrl { get; init; }

    /// <summary>Where the URL stands.</summary>
    public TextPosition UrlPosition { get; init; } = TextPosition.Start;

    public WebhookFormat Format { get; init; }

    /// <summary>Signs each body; null: none is signed. Never shown.</summary>
    public string? Secret { get; init; }

    /// <summary>Headers of each request. Values are never shown.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The values of variables in it. Never shown.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Requests under way at once, of one partition; events of one key go one after the other.</summary>
    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>
    /// After so many failing answers to one event it becomes a dead letter; null: it is sent until it is taken.
    /// </summary>
    public int? Attempts { get; init; }
}
