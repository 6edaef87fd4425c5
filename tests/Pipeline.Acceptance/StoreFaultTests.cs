using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
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

    private const int KeysPosted = 200;
    private const int RoundsMax = 5;

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

    /// <summary>
    /// What an operator does who replaces all disks by empty ones, and takes health for what it says. What nobody
    /// writes to and what is written to all the while must both be there in the end.
    /// </summary>
    [Fact]
    public async Task Stores_replaced_one_after_the_other_as_soon_as_health_is_ok_lose_nothing()
    {
        using var site = new Site();
        site.Define("plain", LoadDefinitions.Stream);
        site.Define("still", "name: still\nstreams:\n  still: { partitions: 3 }\n");
        var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        for (var number = 0; number < 30; number++)
        {
            await client.PostUntilAcceptedAsync("still", "{}"u8.ToArray(), $"still-{number}", Limit);
        }

        var load = new KeyedLoad(site.Address, "readings", writers: 2, keysPerWriter: 4, batch: 5)
        {
            Pause = TimeSpan.FromMilliseconds(50),
        };
        load.Start();
        foreach (var slot in new[] { 1, 2, 3, 1, 2, 3 })
        {
            await SeesAsync(client, IsOk, "health is ok");
            Directory.Delete(site.Store(slot), recursive: true);
            await SeesAsync(client, static health => !IsOk(health), "health tells of the loss");
        }

        await load.StopAsync();
        await client.HoldsOnceAsync("readings", load.Sent);
        Assert.Equal(30, await client.CountAsync("still"));
        await host.DisposeAsync();
        host = await site.StartAsync();
        await client.HoldsOnceAsync("readings", load.Sent);
        Assert.Equal(30, await client.CountAsync("still"));
        await host.DisposeAsync();
    }

    /// <summary>
    /// A second disk that goes while events come, before every partition writes to the first one's successor: no empty
    /// one takes its place, so it only has to come back.
    /// </summary>
    [Fact]
    public async Task A_second_disk_lost_before_every_partition_writes_to_the_first_ones_successor_is_waited_for()
    {
        using var site = new Site();
        site.Define("many", "name: many\nstreams:\n  readings: { partitions: 48, key: key }\n");
        var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        var isWaitedFor = false;
        var posted = 0;
        for (; !isWaitedFor && posted < RoundsMax; posted++)
        {
            isWaitedFor = await LosesTwoDisksAsync(site, client, $"round-{posted}");
        }

        Assert.True(isWaitedFor, "in every round all partitions wrote to the first store before the second was lost");
        Assert.Equal(posted * KeysPosted, await client.CountAsync("readings"));
        await host.DisposeAsync();
        host = await site.StartAsync();
        Assert.Equal(posted * KeysPosted, (await client.ReadAllAsync("readings")).Count);
        await host.DisposeAsync();
    }

    /// <summary>Whether the second one was in time, and so had to come back.</summary>
    private static async Task<bool> LosesTwoDisksAsync(Site site, ServiceClient client, string handle)
    {
        var events = string.Join('\n', Enumerable.Range(0, KeysPosted).Select(static n => $"{{\"key\":\"k{n}\"}}"));
        var (second, away) = (site.Store(2), site.Store(2) + ".away");
        await SeesAsync(client, IsOk, "health is ok");
        Directory.Delete(site.Store(1), recursive: true);
        await SeesAsync(client, static health => Tells(health, "nothing is there"), "the first store is lost");
        await SeesAsync(client, LacksCopiesAlone, "the first store votes again");

        Directory.Move(second, away);
        var posting = client.PostUntilAcceptedAsync("readings", Encoding.UTF8.GetBytes(events), handle, Limit);
        await SeesAsync(client, static health => !IsOk(health) && !LacksCopiesAlone(health), "the second is lost");
        var told = await SeesAsync(
            client,
            static health => Tells(health, "it waits for its former contents") || IsOk(health),
            "it is waited for, or nobody needs it");
        var isWaitedFor = !IsOk(told);
        if (isWaitedFor)
        {
            if (Directory.Exists(second))
            {
                Directory.Delete(second, recursive: true);
            }

            Directory.Move(away, second);
        }
        else
        {
            Directory.Delete(away, recursive: true);
        }

        await SeesAsync(client, IsOk, "health is ok again");
        await posting;
        return isWaitedFor;
    }

    private static Task<Answer> SeesAsync(ServiceClient client, Func<Answer, bool> enough, string what) =>
        Eventually.GetAsync(() => client.GetAsync("health"), enough, Limit, what);

    private static bool Tells(Answer health, string text) => health.Body.Contains(text, StringComparison.Ordinal);

    private static bool LacksCopiesAlone(Answer health) => health.IsOk && health.Json["checks"]!.AsArray()
        .Where(static check => (string?)check!["status"] != "ok")
        .All(static check => (string?)check!["name"] == "copies");

    private static bool IsOk(Answer health) =>
        health.IsOk && (string?)JsonNode.Parse(health.Body)?["status"] == "ok";

    private async Task BreakAsync(Site site, Func<Task> breakStore, Func<Task> mendStore)
    {
        site.Define("plain", LoadDefinitions.Stream);
        var host = await site.StartAsync();
        var load = new KeyedLoad(site.Address, "readings", writers: 4, keysPerWriter: 8, batch: 50)
        {
            Pause = Nightly.Pause,
        };
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
