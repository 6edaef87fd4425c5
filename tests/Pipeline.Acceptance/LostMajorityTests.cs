using System.Text;
using Pipeline.Acceptance.Hosts;
using Pipeline.Acceptance.Machines;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>Too few stores, or no room: writes are refused with 503, and go on by themselves afterwards.</summary>
public sealed class LostMajorityTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Without_a_majority_writes_are_refused_and_resume_when_it_is_back()
    {
        using var site = new Site();
        site.Define("plain", LoadDefinitions.Stream);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.True((await client.PostAsync("readings", Event(0), "before")).IsOk);
        foreach (var store in new[] { 2, 3 })
        {
            Directory.Move(site.Store(store), site.Store(store) + ".away");
        }

        var refused = await Eventually.GetAsync(
            () => client.PostAsync("readings", Event(1), "during"), static a => a.Status == 503, Limit, "503");
        Assert.Contains(refused.Problem, new[] { "not-appended", "outcome-unknown" });
        Assert.NotNull(refused.RetryAfter);
        foreach (var store in new[] { 2, 3 })
        {
            if (Directory.Exists(site.Store(store)))
            {
                Directory.Delete(site.Store(store), recursive: true);
            }

            Directory.Move(site.Store(store) + ".away", site.Store(store));
        }

        await client.PostUntilAcceptedAsync("readings", Event(1), "during", Limit);
        await client.PostUntilAcceptedAsync("readings", Event(2), "after", Limit);
        await client.HoldsOnceAsync("readings", new Dictionary<string, long> { ["k"] = 3 });
    }

    [Fact]
    public async Task A_full_disk_answers_503_and_recovers_when_there_is_room()
    {
        Requires.Root();
        using var site = new Site();
        await using var disk = await SmallDisk.MountMemoryAsync(site.Data, megabytes: 512);
        var ballast = Path.Combine(site.Data, "ballast-of-the-test");
        site.Define("plain", LoadDefinitions.Stream);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.True((await client.PostAsync("readings", Event(0), "before")).IsOk);
        Fill(ballast);
        var number = 1;
        var refused = await Eventually.GetAsync(
            async () =>
            {
                var answer = await client.PostAsync("readings", Event(number, padding: 400_000), $"during-{number}");
                number += answer.IsOk ? 1 : 0;
                return answer;
            },
            static answer => answer.Status == 503, Limit, "503");
        Assert.Contains(refused.Problem, new[] { "not-appended", "outcome-unknown" });
        File.Delete(ballast);
        var last = Event(number, padding: 400_000);
        await client.PostUntilAcceptedAsync("readings", last, $"during-{number}", Limit);
        await client.HoldsOnceAsync("readings", new Dictionary<string, long> { ["k"] = number + 1 });
    }

    private static byte[] Event(int number, int padding = 0) => Encoding.UTF8.GetBytes(
        $$"""{"key":"k","seq":{{number}},"padding":"{{new string('x', padding)}}"}""");

    // Writes until the file system has no more room at all.
    private static void Fill(string path)
    {
        var block = new byte[1 << 16];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        while (true)
        {
            try
            {
                file.Write(block);
            }
            catch (IOException)
            {
                return;
            }
        }
    }
}
