namespace Pipeline.Monitoring.Alerts;

/// <summary>What a rule says of one thing that it looks at.</summary>
/// <param name="Labels">Which: names and values, in the order of the instrument's tags.</param>
/// <param name="Value">In the rule's unit.</param>
internal readonly record struct AlertValue(IReadOnlyList<KeyValuePair<string, string>> Labels, double Value)
{
    /// <summary>The labels as one text.</summary>
    public string Key => string.Join(',', Labels.Select(static label => $"{label.Key}={label.Value}"));
}
