using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>Whether a silo says it is ready.</summary>
public sealed class ReadinessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_silo_is_ready_only_while_a_write_goes_through()
    {
        Requires.Root();
        await using var site = await ClusterSite.StartAsync(silos: 1);
        var silo = site.Silo(0);
        try
        {
            var (exitCode, said) = await site.MakeReadOnlyAsync('b');
            Assert.SkipUnless(exitCode == 0, $"needs immutable files (ext4, CAP_LINUX_IMMUTABLE): {said.Trim()}");
            await site.MakeReadOnlyAsync('c');
            await Eventually.GetAsync(
                () => silo.StatusAsync("health/ready"), static status => status == 503, Limit, "not ready");
            Assert.Equal(200, await silo.StatusAsync("health/live"));
        }
        finally
        {
            await site.MakeWritableAsync('b');
            await site.MakeWritableAsync('c');
        }

        await Eventually.GetAsync(
            () => silo.StatusAsync("health/ready"), static status => status == 200, Limit, "ready again");
    }
}
