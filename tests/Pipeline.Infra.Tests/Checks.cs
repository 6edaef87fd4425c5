using System.Text.Json;

namespace Pipeline.Infra.Tests;

/// <summary>The lists under infra/checks.</summary>
internal static class Checks
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static IReadOnlyDictionary<string, string> Roles { get; } = Read<RoleList>("roles.json").Roles;

    public static AzdList Azd { get; } = Read<AzdList>("azd.json");

    public static IReadOnlyDictionary<string, HostBinding> Hosts { get; } = Read<HostList>("hosts.json").Hosts;

    public static ImageList Images { get; } = Read<HostList>("hosts.json").Images;

    private static T Read<T>(string name) =>
        JsonSerializer.Deserialize<T>(Repository.Read($"infra/checks/{name}"), Web)!;

    private sealed record RoleList(IReadOnlyDictionary<string, string> Roles);

    private sealed record HostList(IReadOnlyDictionary<string, HostBinding> Hosts, ImageList Images);
}
