using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.HttpContract;

namespace Pipeline.Acceptance.HttpContract;

/// <summary>The standalone host as a process.</summary>
public sealed class StandaloneService : HttpService
{
    private readonly Site _site = new();

    public override IReadOnlyList<Uri> Addresses => [_site.Address];

    protected override Task StartAsync()
    {
        _site.Variables["Pipeline__Backup__To"] = BackupFolder;
        return _site.StartAsync();
    }

    protected override Task StopAsync()
    {
        _site.Dispose();
        return Task.CompletedTask;
    }
}
