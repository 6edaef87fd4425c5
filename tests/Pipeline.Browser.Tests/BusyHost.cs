namespace Pipeline.Browser.Tests;

/// <summary>
/// A service with three pipelines under load: one whose events are partly refused, one whose sink cannot write, and all
/// that has long names.
/// </summary>
public sealed class BusyHost : IAsyncLifetime
{
    public const string LongPipeline = "clicks-of-all-the-web-shops-of-the-northern-hemisphere";
    public const string LongStream = "clicks-of-all-the-web-shops-of-the-southern-hemisphere";
    public const string LongStage = "onlyThoseClicksThatLeadToAPurchaseWithinTheSameSession";

    private const string Telemetry = """
        name: telemetry
        streams:
          readings: { partitions: 2, key: device }
        stages:
          warm: { query: 'SELECT device, degrees FROM readings WHERE degrees > 20', materialize: true }
        """;

    private const string Orders = """
        name: orders
        streams:
          orders: { partitions: 2, key: customer }
        stages:
          amounts: { query: 'SELECT customer, CAST(amount AS bigint) AS amount FROM orders', materialize: true }
        """;

    private const string Clicks = $$"""
        name: {{LongPipeline}}
        streams:
          {{LongStream}}: { partitions: 2, key: session }
        stages:
          {{LongStage}}: { query: 'SELECT session, page FROM [{{LongStream}}]', materialize: true }
        sinks:
          purchases: { from: {{LongStage}}, files: { path: out/purchases } }
        """;

    private readonly CancellationTokenSource _ended = new();
    private Task _load = Task.CompletedTask;

    public ConsoleHost Host { get; } = new();

    public async ValueTask InitializeAsync()
    {
        // The sink's folder cannot be made: a file has its name.
        Directory.CreateDirectory(Path.Combine(Host.Data, "out"));
        await File.WriteAllTextAsync(Path.Combine(Host.Data, "out", "purchases"), "not a directory");
        await Host.StartAsync([Telemetry, Orders, Clicks]);
        await PostAsync(0);
        _load = LoadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _load;
        await Host.DisposeAsync();
        _ended.Dispose();
    }

    private async Task LoadAsync()
    {
        for (var round = 1; !_ended.IsCancellationRequested; round++)
        {
            await PostAsync(round);
            await Task.Delay(TimeSpan.FromMilliseconds(400));
        }
    }

    private async Task PostAsync(int round)
    {
        var range = Enumerable.Range(0, 40);
        await Host.PostAsync("readings", range.Select(n => $$"""{"device":"d{{n}}","degrees":{{15 + (n % 20)}}}"""));
        await Host.PostAsync("orders", range.Select(n =>
            $$"""{"customer":"c{{n}}","amount":{{(n == 7 ? "\"twelve\"" : $"{round}")}}}"""));
        await Host.PostAsync(LongStream, range.Select(n => $$"""{"session":"s{{n}}","page":"pay"}"""));
    }
}
