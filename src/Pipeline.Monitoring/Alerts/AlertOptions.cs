namespace Pipeline.Monitoring.Alerts;

/// <summary>Which alerts there are, and who is told of them.</summary>
public sealed record AlertOptions
{
    /// <summary>All alerts as they are documented, and nobody is told.</summary>
    public static AlertOptions Default { get; } = new();

    /// <summary>The rules by their names, where they differ from what is documented.</summary>
    public IReadOnlyDictionary<string, AlertOverride> Rules { get; init; } =
        new Dictionary<string, AlertOverride>();

    /// <summary>Who is told.</summary>
    public IReadOnlyList<AlertTarget> Targets { get; init; } = [];

    /// <summary>Several hosts show the same service, and one of them tells.</summary>
    public bool IsShared { get; init; }

    /// <summary>The rules in force.</summary>
    internal IReadOnlyList<AlertRule> Apply() =>
    [
        .. AlertRules.All.Select(rule => Rules.GetValueOrDefault(rule.Name) is not { } other ? rule : rule with
        {
            Above = other.Above ?? rule.Above,
            For = other.For ?? rule.For,
            IsEnabled = other.IsEnabled ?? rule.IsEnabled,
        }),
    ];
}

/// <summary>What of a rule is otherwise; null: as documented.</summary>
/// <param name="Above">The threshold, in the rule's unit.</param>
/// <param name="For">How long it must hold.</param>
/// <param name="IsEnabled">Whether it is looked at.</param>
public sealed record AlertOverride(double? Above, TimeSpan? For, bool? IsEnabled);

/// <summary>A webhook that is told.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Url">Where it is POSTed to.</param>
/// <param name="Format">What the body looks like.</param>
/// <param name="Secret">The key of the signature; null: unsigned.</param>
public sealed record AlertTarget(string Name, Uri Url, AlertFormat Format, string? Secret);

/// <summary>What a notification looks like.</summary>
public enum AlertFormat
{
    /// <summary>The product's own JSON.</summary>
    Generic,

    /// <summary>Slack's incoming webhooks.</summary>
    Slack,

    /// <summary>An adaptive card for a workflow of Teams.</summary>
    Teams,

    /// <summary>POST /api/v2/alerts of Alertmanager.</summary>
    Alertmanager,
}
