namespace Pipeline.Infra.Tests;

/// <summary>What a host reads and binds.</summary>
internal sealed record HostBinding(
    string Project,
    string Reader,
    string? ProbesIn,
    int HttpPort,
    IReadOnlyList<int> Ports,
    IReadOnlyList<string> Probes,
    IReadOnlyDictionary<string, HostSetting> Settings)
{
    /// <summary>The setting that a variable's name stands for; names ending in * are families.</summary>
    public bool Knows(string variable) => Settings.Keys.Any(name => name == variable
        || (name.EndsWith('*') && variable.StartsWith(name[..^1], StringComparison.Ordinal)));
}

/// <summary>Where a setting is read: a text of the host's source, or a library.</summary>
internal sealed record HostSetting(string? Read, string? By, bool Optional);
