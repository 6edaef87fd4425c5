using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.HttpContract;

namespace Pipeline.Cluster.Acceptance.HttpContract;

/// <summary>A cluster of three silos behind two fronts, all of them processes.</summary>
public sealed class ClusterService : HttpService
{
    private ClusterSite? _site;

    public override IReadOnlyList<Uri> Addresses => _site!.Fronts;

    protected override async Task StartAsync() => _site = await ClusterSite.StartAsync(
        variables: new Dictionary<string, string> { ["Pipeline__Backup__To"] = BackupFolder });

    protected override async Task StopAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }
}
