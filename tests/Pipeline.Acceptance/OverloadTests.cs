using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>Far more requests at once than the service can take.</summary>
public sealed class OverloadTests(ITestOutputHelper output)
{
    private const int InFlight = 320;
    private const int EventsPerRequest = 1_000;
    private const long MemoryBar = 1L << 30;

    [Fact]
    public async Task Too_much_is_answered_429_within_bounded_memory_and_what_was_accepted_is_there()
    {
        Requires.Linux();
        using var site = new Site();
        site.Define("plain", LoadDefinitions.Stream);
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        var answers = new ConcurrentBag<(int Request, Answer Answer)>();
        var next = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < Nightly.Overload)
            {
                var request = Interlocked.Increment(ref next);
                answers.Add((request, await client.PostAsync("readings", Body(request))));
            }
        })));
        var counts = answers.CountBy(pair => pair.Answer.Status).Select(pair => $"{pair.Key}: {pair.Value}");
        output.WriteLine($"answers {string.Join(", ", counts)}; peak {ProcessUse.PeakMemory(host.Id) >> 20} MiB");

        Assert.All(answers, pair => Assert.Contains(pair.Answer.Status, new[] { 200, 429 }));
        var refused = answers.Where(pair => pair.Answer.Status == 429).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, pair => Assert.NotNull(pair.Answer.RetryAfter));
        Assert.InRange(ProcessUse.PeakMemory(host.Id), 1, MemoryBar);
        await AllAcceptedIsThereAsync(client, answers);
    }

    private static async Task AllAcceptedIsThereAsync(
        ServiceClient client, IEnumerable<(int Request, Answer Answer)> answers)
    {
        var accepted = answers.Where(pair => pair.Answer.IsOk).ToDictionary(
            pair => pair.Request, pair => (long)pair.Answer.Json["accepted"]!);
        Assert.All(accepted.Values, count => Assert.Equal(EventsPerRequest, count));
        Assert.Equal(accepted.Values.Sum(), await client.CountAsync("readings"));
        var found = new Dictionary<int, long>();
        await foreach (var stored in client.EventsAsync("readings"))
        {
            var request = (int)stored.Value["request"]!;
            found[request] = found.GetValueOrDefault(request) + 1;
        }

        Assert.All(accepted, pair => Assert.Equal(pair.Value, found.GetValueOrDefault(pair.Key)));
    }

    private static byte[] Body(int request)
    {
        var text = new StringBuilder();
        for (var i = 0; i < EventsPerRequest; i++)
        {
            text.Append("{\"key\":\"k").Append(i % 100).Append("\",\"request\":").Append(request)
                .Append(",\"padding\":\"").Append('x', 160).Append("\"}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
