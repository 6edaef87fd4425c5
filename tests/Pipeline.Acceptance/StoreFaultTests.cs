using System.Diagnostics;
using Pipeline.Acceptance.Hosts;
using Pipeline.Acceptance.Machines;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>One of three stores goes wrong under load: no request fails, and the store comes back by itself.</summary>
public sealed class StoreFaultTests(ITestOutputHelper output)
{
    private const string Identical = "the same, on every store";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_deleted_store_fails_no_request_and_is_rebuilt_from_the_others()
    {
        using var site = new Site();
        await BreakAsync(site, () =>
        {
            Directory.Delete(site.Store(2), recursive: true);
            return Task.CompletedTask;
        }, () => Task.CompletedTask);
    }

    [Fact]
    public async Task A_store_frozen_for_ten_seconds_fails_no_request_and_catches_up()
    {
        Requires.Root();
        using var site = new Site();
        await using var disk = await SmallDisk.MountAsync(site.Store(2), megabytes: 1024);
        await BreakAsync(site, disk.FreezeAsync, async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(10));
            await disk.ThawAsync();
        });
    }

    [Fact]
    public async Task A_store_made_read_only_fails_no_request_and_catches_up()
    {
        Requires.Root();
        using var site = new Site();
        var (exitCode, said) = await Command.RunAsync("chattr", "+i", site.Folder);
        Assert.SkipUnless(exitCode == 0, $"needs immutable files (ext4, CAP_LINUX_IMMUTABLE): {said.Trim()}");
        await Command.MustRunAsync("chattr", "-i", site.Folder);
        try
        {
            await BreakAsync(
                site,
                () => Command.RunAsync("chattr", "-R", "+i", site.Store(2)),
                () => Command.RunAsync("chattr", "-R", "-i", site.Store(2)));
        }
        finally
        {
            await Command.RunAsync("chattr", "-R", "-i", site.Store(2));
        }
    }

    [Fact]
    public async Task Flipped_bytes_in_one_store_fail_no_request_and_are_repaired_from_the_others()
    {
        using var site = new Site();
        var random = new Random(Environment.TickCount);
        await BreakAsync(site, () =>
        {
            FlipBytes(site.Store(2), random);
            return Task.CompletedTask;
        }, () => Task.CompletedTask);
    }

    private async Task BreakAsync(Site site, Func<Task> breakStore, Func<Task> mendStore)
    {
        site.Define("plain", Definitions.Stream);
        var host = await site.StartAsync();
        var load = new KeyedLoad(site.Address, "readings", writers: 4, keysPerWriter: 8, batch: 50);
        load.Start();
        await load.AcceptedMoreAsync(5_000, Limit);
        await breakStore();
        try
        {
            await load.AcceptedMoreAsync(5_000, Limit);
        }
        finally
        {
            await mendStore(); // a process that waits for a frozen disk could not even be killed
        }

        await load.AcceptedMoreAsync(5_000, Limit);
        await load.StopAsync();
        Assert.True(load.Refused.Count == 0, $"{load.Refused.Count} failed, first {load.Refused.FirstOrDefault()}");
        using (var client = new ServiceClient(site.Address))
        {
            await client.HoldsOnceAsync("readings", load.Sent);
        }

        // A restart closes every open segment: from then on all of it can be compared.
        await host.DisposeAsync();
        host = await site.StartAsync();
        var report = await Eventually.GetAsync(
            () => Command.RunAsync(Built.Cli, "verify", "--data", site.Data),
            static verify => verify.ExitCode == 0 && verify.Output.Contains(Identical, StringComparison.Ordinal),
            Limit, "pipeline verify finds all stores identical");
        output.WriteLine(report.Output);
        await host.DisposeAsync();
    }

    private static void FlipBytes(string store, Random random)
    {
        var files = Directory.GetFiles(store, "*", SearchOption.AllDirectories)
            .Where(path => path.Contains("/logs/", StringComparison.Ordinal) && new FileInfo(path).Length > 0)
            .ToArray();
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            using var file = OpenShared(path);
            file.Position = random.NextInt64(file.Length);
            var flipped = (byte)(file.ReadByte() ^ 0x5A);
            file.Position--;
            file.WriteByte(flipped);
        }
    }

    /// <summary>The service locks a file while it writes there; .NET's own open does not wait for that.</summary>
    private static FileStream OpenShared(string path)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            }
            catch (IOException) when (watch.Elapsed < Limit)
            {
                Thread.Yield();
            }
        }
    }
}
