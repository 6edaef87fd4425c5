using System.Globalization;
using System.Net;
using Pipeline.Grains.Membership;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.AzureBlob.Addresses;
using Pipeline.Storage.Blobs;

namespace Pipeline.Silo.Options;

/// <summary>
/// Reads the sections Pipeline and Orleans, and finds all mistakes: what Orleans itself cannot parse it would leave
/// out in silence.
/// </summary>
internal sealed class SiloOptionsReader(IConfiguration configuration)
{
    private static readonly int[] AllowedStores = [1, 3, 5];

    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public SiloOptions Read()
    {
        var membership = CheckOrleans();
        var section = configuration.GetSection("Pipeline");
        return new SiloOptions
        {
            Urls = (section["Urls"] ?? "http://127.0.0.1:8090").Split(';', StringSplitOptions.RemoveEmptyEntries),
            Settings = PipelineSettingsReader.Read(
                section["Data"] ?? "./data",
                section["Code"] ?? "./code",
                name => configuration[name],
                Environment.GetEnvironmentVariable,
                _errors),
            Membership = membership,
            Slots = ReadStores(section),
            StateBytes = ReadStateBytes(section[StateLimit.Name]),
        };
    }

    private long ReadStateBytes(string? text)
    {
        if (!StateLimit.TryRead(text, out var bytes, out var error))
        {
            _errors.Add(error!);
        }

        return bytes;
    }

    private List<IStoreSlot> ReadStores(IConfigurationSection section)
    {
        var stores = section.GetSection("Store").GetChildren().OrderBy(s => s.Key, StringComparer.Ordinal).ToList();
        if (!AllowedStores.Contains(stores.Count))
        {
            _errors.Add($"Pipeline:Store:<name> must name 1, 3 or 5 stores, not {stores.Count}.");
        }

        var slots = new List<IStoreSlot>();
        foreach (var store in stores)
        {
            if (StoreAddress.TryOpen(store.Key, store.Value ?? "", out var slot, out var error))
            {
                slots.Add(slot);
            }
            else
            {
                _errors.Add($"Pipeline:Store:{store.Key}: {error}");
            }
        }

        return slots;
    }

    private MembershipDatabase? CheckOrleans()
    {
        MembershipDatabase? membership = null;
        var orleans = configuration.GetSection("Orleans");
        Need(orleans, "ClusterId");
        Need(orleans, "ServiceId");
        Need(orleans, "Clustering:ProviderType");
        if (orleans["Clustering:ProviderType"] is "AdoNet")
        {
            Need(orleans, "Clustering:Invariant");
            membership = MembershipDatabase.Read(configuration, _errors);
        }

        CheckAddress(orleans, "Endpoints:AdvertisedIPAddress");
        CheckPort(orleans, "Endpoints:SiloPort");
        CheckPort(orleans, "Endpoints:GatewayPort");
        return membership;
    }

    private void Need(IConfigurationSection section, string name)
    {
        if (string.IsNullOrWhiteSpace(section[name]))
        {
            _errors.Add($"Orleans:{name} is missing.");
        }
    }

    private void CheckAddress(IConfigurationSection section, string name)
    {
        if (!IPAddress.TryParse(section[name], out _))
        {
            _errors.Add($"Orleans:{name} must be the IP address other silos reach this one at, not '{section[name]}'.");
        }
    }

    private void CheckPort(IConfigurationSection section, string name)
    {
        var isPort = int.TryParse(section[name], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue;
        if (!isPort)
        {
            _errors.Add($"Orleans:{name} must be a port, not '{section[name]}'.");
        }
    }
}
