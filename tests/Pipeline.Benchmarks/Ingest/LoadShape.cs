namespace Pipeline.Benchmarks.Ingest;

/// <summary>How the clients send: that many requests in flight, each with that many events.</summary>
public sealed record LoadShape(string Name, int InFlight, int EventsPerRequest)
{
    public static readonly LoadShape Batches = new("batches of 1,000, 8 in flight", 8, 1_000);

    public static readonly LoadShape Singles = new("single events, 64 in flight", 64, 1);
}
