namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>Sites under load: what they run, and their start.</summary>
internal static class LoadedCluster
{
    public const int Partitions = 12;

    /// <summary>A stream, and nothing that reads it.</summary>
    public const string Plain = """
        name: kept
        streams:
          readings: { partitions: 12, key: key }

        """;

    /// <summary>A stream, and a stage that writes all of it to another one.</summary>
    public const string Staged = Plain + """
        stages:
          all:
            query: SELECT key, seq FROM readings WHERE seq >= 0
            materialize: true

        """;

    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static async Task<SiteUnderLoad<ClusterSite>> StartAsync(
        string definition, int silos = SiloSite.Silos, SiloNetwork? network = null) =>
        await SiteUnderLoad<ClusterSite>.StartAsync(await ClusterSite.StartAsync(silos, network), definition, silos);

    public static async Task<SiteUnderLoad<ContainerSite>> StartInContainersAsync(string definition) =>
        await SiteUnderLoad<ContainerSite>.StartAsync(await ContainerSite.StartAsync(), definition, SiloSite.Silos);
}
