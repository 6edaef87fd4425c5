using System.Net;
using System.Net.Sockets;
using Pipeline.Definitions;
using Pipeline.Definitions.Planning;

namespace Pipeline.Processing.Instances;

/// <summary>
/// Where webhooks may go. Addresses of the public internet always; others, which only the host's own network reaches,
/// where its administrator names them: whoever may change definitions could have the host ask them otherwise.
/// </summary>
public sealed class WebhookHosts
{
    /// <summary>
    /// The setting that allows targets on private addresses: a comma list of hosts as URLs name them, with a port or
    /// without, of networks as 10.0.0.0/8, or * for all.
    /// </summary>
    public const string Setting = "Pipeline:Sinks:PrivateHosts";

    /// <summary>Not reachable from everywhere, by IANA's special-purpose registries (RFC 6890).</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(static network => IPNetwork.Parse(network)),
    ];

    /// <summary>Global unicast of IPv6; in it, what leads elsewhere (Teredo, documentation, 6to4).</summary>
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] SpecialInGlobal =
        [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"),
            IPNetwork.Parse("3fff::/20")];

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> _networks = [];
    private bool _all;

    /// <summary>No target on a private address.</summary>
    public static WebhookHosts None { get; } = new();

    /// <summary>Reads <see cref="Setting"/>; what is wrong goes to <paramref name="errors"/>.</summary>
    public static WebhookHosts Read(string? setting, ICollection<string> errors)
    {
        var hosts = new WebhookHosts();
        foreach (var item in (setting ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (item == "*")
            {
                hosts._all = true;
            }
            else if (item.Contains('/', StringComparison.Ordinal))
            {
                if (IPNetwork.TryParse(item, out var network))
                {
                    hosts._networks.Add(network);
                }
                else
                {
                    errors.Add($"{Setting} names '{item}', which is no network such as 10.0.0.0/8 or fd00::/8.");
                }
            }
            else if (Uri.TryCreate($"http://{item}", UriKind.Absolute, out var url) && url.PathAndQuery == "/"
                && url.UserInfo.Length == 0)
            {
                hosts._names.Add(item);
            }
            else
            {
                errors.Add($"{Setting} names '{item}', which is no host, with a port or without.");
            }
        }

        return hosts;
    }

    /// <summary>Whether a webhook may connect to an address that its URL's host stands for.</summary>
    public bool Allows(string host, int port, IPAddress address) =>
        _all || IsPublic(address) || _names.Contains(host) || _names.Contains($"{host}:{port}")
        || _networks.Exists(network => network.Contains(Plain(address)));

    /// <summary>
    /// Webhooks of a plan whose URLs name a private address themselves. What a name stands for is seen when it is
    /// connected to.
    /// </summary>
    public IReadOnlyList<DefinitionError> Mistakes(PipelinePlan plan) =>
    [
        .. from sink in plan.Sinks
           let target = sink.Target as WebhookSinkDefinition
           where target is not null && !IsAllowedByName(target.Url)
           select new DefinitionError(target.UrlPosition.Line, target.UrlPosition.Column,
               $"Sink '{sink.Name}': 'url' {Refusal}"),
    ];

    /// <summary>Why an address is refused, for people.</summary>
    internal static string Refusal =>
        $"leads to a private address, where webhooks go only if the host's setting {Setting} names it.";

    /// <summary>Reachable from everywhere.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        address = Plain(address);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Special.Any(network => network.Contains(address));
        }

        return Global.Contains(address) && !SpecialInGlobal.Any(network => network.Contains(address));
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool IsAllowedByName(Uri url)
    {
        var name = url.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(name, out var address))
        {
            return Allows(url.Host, url.Port, address);
        }

        return !(name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            || Allows(url.Host, url.Port, IPAddress.Loopback);
    }
}
