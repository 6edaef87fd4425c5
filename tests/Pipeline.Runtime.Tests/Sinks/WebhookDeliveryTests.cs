using System.Text;
using Pipeline.Processing.Sinks;
using Pipeline.Processing.Webhooks;
using Pipeline.Replication.Loops;
using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>Deliveries with answers by chance: order of each key, one end of each row, bounds.</summary>
public sealed class WebhookDeliveryTests : IDisposable
{
    private const int Concurrency = 6;
    private const int Attempts = 4;

    private readonly List<Exception> _faults = [];
    private readonly ThreadLoop _loop;

    public WebhookDeliveryTests() => _loop = new ThreadLoop("sinks", _faults.Add);

    public void Dispose()
    {
        _loop.Dispose();
        Assert.Empty(_faults);
    }

    [Theory]
    [InlineData(Concurrency)]
    [InlineData(1)]
    public async Task Every_row_ends_once_and_none_of_a_key_before_the_one_before_it(int concurrency)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var draw = new Random(seed);
            List<SinkRow> rows = [.. Enumerable.Range(0, draw.Next(1, 80)).Select(offset => new SinkRow(offset, 1, [])
            {
                Key = draw.Next(4) == 0 ? null : Encoding.UTF8.GetBytes($"k{draw.Next(8)}"),
            })];
            var target = new Target(new Random(seed), rows) { IsOrdered = concurrency == 1 };
            var backoff = new WebhookBackoff(TimeSpan.FromTicks(20_000), draw);
            var delivery = new WebhookDelivery(
                target, target, new WebhookCircuit(backoff), backoff,
                new WebhookLimits(_loop.Time, concurrency, Attempts));
            Assert.True(await _loop.CallAsync(
                () => delivery.DeliverAsync(rows, TestContext.Current.CancellationToken).AsTask()));
            Assert.Equal(Enumerable.Range(0, rows.Count), target.Passed);
            Assert.InRange(target.MostUnderWay, 1, concurrency);
        }
    }

    [Fact]
    public async Task An_end_that_is_asked_for_leaves_no_request_behind()
    {
        var target = new Target(new Random(1), [new SinkRow(0, 1, [])]) { Hangs = true };
        var backoff = new WebhookBackoff(TimeSpan.FromTicks(10), new Random(1));
        using var stop = new CancellationTokenSource();
        var delivery = new WebhookDelivery(
            target, target, new WebhookCircuit(backoff), backoff, new WebhookLimits(_loop.Time, Concurrency, null));
        var delivering = _loop.CallAsync(() => delivery.DeliverAsync([new SinkRow(0, 1, [])], stop.Token).AsTask());
        await Eventually.IsTrueAsync(
            () => Task.FromResult(target.UnderWay == 1), TimeSpan.FromSeconds(30), "the request");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivering);
        Assert.Equal(0, target.UnderWay);
        Assert.Empty(target.Passed);
    }

    [Fact]
    public void A_circuit_opens_after_five_failures_in_a_row_and_waits_longer_each_time()
    {
        var circuit = new WebhookCircuit(new WebhookBackoff(TimeSpan.FromTicks(1_000), new Random(3)));
        for (var failure = 1; failure < 5; failure++)
        {
            circuit.Fail(0, null);
            Assert.Equal((0, 9), (circuit.From, circuit.Most(9)));
        }

        circuit.Fail(0, null);
        Assert.InRange(circuit.From, 500, 1_000);
        Assert.Equal(1, circuit.Most(9));
        var opened = circuit.From;

        // Those that were under way with it.
        circuit.Fail(1, null);
        Assert.Equal(opened, circuit.From);
        circuit.Fail(opened, null);
        Assert.InRange(circuit.From, opened + 1_000, opened + 2_000);
        circuit.Succeed();
        Assert.Equal((0, 9), (circuit.From, circuit.Most(9)));

        // What was asked for holds, whatever else is answered.
        circuit.Fail(10, TimeSpan.FromTicks(50));
        circuit.Succeed();
        Assert.Equal((60, 9), (circuit.From, circuit.Most(9)));
    }

    [Fact]
    public void A_backoff_doubles_up_to_a_minute_and_is_never_all_the_same()
    {
        var backoff = new WebhookBackoff(TimeSpan.FromSeconds(1), new Random(5));
        Assert.All(Enumerable.Range(0, 50), _ =>
        {
            Assert.InRange(backoff.After(1).TotalSeconds, 0.5, 1);
            Assert.InRange(backoff.After(4).TotalSeconds, 4, 8);
            Assert.InRange(backoff.After(1_000).TotalSeconds, 30, 60);
        });
        Assert.True(Enumerable.Range(0, 20).Select(_ => backoff.After(3)).Distinct().Count() > 15);
    }

    /// <summary>Answers by chance, and looks whether what it is asked may be asked.</summary>
    private sealed class Target(Random draw, IReadOnlyList<SinkRow> rows) : IWebhookPost, IWebhookLedger
    {
        private readonly Dictionary<long, bool> _ended = [];
        private readonly HashSet<long> _lettered = [];
        private readonly Lock _lock = new();

        public List<int> Passed { get; } = [];

        public int UnderWay { get; private set; }

        public int MostUnderWay { get; private set; }

        public bool Hangs { get; init; }

        public bool IsOrdered { get; init; }

        public async Task<WebhookAnswer> SendAsync(SinkRow row, CancellationToken cancellationToken)
        {
            int wait;
            int kind;
            lock (_lock)
            {
                Assert.DoesNotContain(row.Offset, _ended.Keys);
                if (IsOrdered)
                {
                    Assert.Equal(row.Offset, Passed.Count);
                }

                if (row.Key is { } key)
                {
                    Assert.All(
                        rows.Where(other => other.Offset < row.Offset && other.Key is { } of && of.SequenceEqual(key)),
                        other => Assert.True(
                            _ended.GetValueOrDefault(other.Offset) || _lettered.Contains(other.Offset)));
                }

                MostUnderWay = Math.Max(MostUnderWay, ++UnderWay);
                (wait, kind) = (draw.Next(3), draw.Next(10));
            }

            try
            {
                await Task.Delay(Hangs ? Timeout.Infinite : wait, cancellationToken);
            }
            finally
            {
                lock (_lock)
                {
                    UnderWay--;
                }
            }

            lock (_lock)
            {
                switch (kind)
                {
                    case 0 or 1:
                        return new WebhookAnswer(WebhookVerdict.Failed, "500", IsAnswer: true);
                    case 2:
                        return new WebhookAnswer(WebhookVerdict.Failed, "away");
                    case 3:
                        _ended[row.Offset] = false;
                        return new WebhookAnswer(WebhookVerdict.Refused, "422");
                    default:
                        _ended[row.Offset] = true;
                        return new WebhookAnswer(WebhookVerdict.Delivered);
                }
            }
        }

        public ValueTask<bool> TryRefuseAsync(
            SinkRow row, string reason, int attempts, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Assert.False(_ended.GetValueOrDefault(row.Offset));
                Assert.True(_lettered.Count == 0 || _lettered.Max() < row.Offset, "letters come in order");
                _lettered.Add(row.Offset);
            }

            return ValueTask.FromResult(true);
        }

        public void Pass(SinkRow row, bool isDelivered)
        {
            lock (_lock)
            {
                Assert.Equal(isDelivered, _ended.GetValueOrDefault(row.Offset));
                Assert.NotEqual(isDelivered, _lettered.Contains(row.Offset));
                Passed.Add((int)row.Offset);
            }
        }

        public ValueTask<bool> TryKeepAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

        public void Tell((SinkRow Row, int Attempts, WebhookAnswer Last)? trouble) =>
            Assert.True(trouble is not { } some || some.Row.Offset == Passed.Count);
    }
}
