namespace Pipeline.Infra.Tests;

/// <summary>What azure.yaml may say.</summary>
internal sealed record AzdList(
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Languages,
    IReadOnlyList<string> Top,
    IReadOnlyList<string> Service,
    IReadOnlyList<string> ServiceHooks,
    IReadOnlyList<string> Variables);
