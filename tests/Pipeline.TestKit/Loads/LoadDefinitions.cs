namespace Pipeline.TestKit.Loads;

/// <summary>Pipelines that the tests run.</summary>
public static class LoadDefinitions
{
    /// <summary>A stream of keyed events and nothing else.</summary>
    public const string Stream = """
        name: plain
        streams:
          readings: { partitions: 4, key: key }

        """;

    /// <summary>Keyed events, passed through a filter into files under <paramref name="folder"/>.</summary>
    public static string Files(string folder) => $$"""
        name: kept
        streams:
          readings: { partitions: 4, key: key }
        stages:
          all:
            query: SELECT key, seq FROM readings WHERE seq >= 0
            materialize: true
        sinks:
          files: { from: all, files: { path: {{folder}}, roll: { size: 1MiB, every: 1s } } }

        """;

    /// <summary>Keyed events, passed through a filter into the table "kept" of the database that PG leads to.</summary>
    public static string Table => Filtered("""postgres: { connection: "${PG}", table: kept }""");

    /// <summary>Keyed events, passed through a filter into blobs of the container that BLOBS leads to.</summary>
    public static string Blobs =>
        Filtered("""blob: { container: "${BLOBS}", path: out/all, roll: { size: 64KiB, every: 1s } }""");

    /// <summary>Keyed events, passed through a filter to a webhook.</summary>
    public static string Webhook(Uri url) => Filtered($$"""webhook: { url: "{{url}}" }""");

    /// <summary>Two stages, the second keyed anew and so behind an exchange, then files.</summary>
    public static string Exchanged(string folder) => $$"""
        name: exchanged
        streams:
          readings: { partitions: 2, key: key }
        stages:
          first:
            key: place
            partitions: 2
            query: SELECT key, place, seq FROM readings
          second:
            query: SELECT place, seq FROM first WHERE seq >= 0
            materialize: true
        sinks:
          files: { from: second, files: { path: {{folder}}, roll: { size: 1MiB, every: 1s } } }

        """;

    /// <summary>Real flights: per origin and day, how many, and their mean and largest delay.</summary>
    public const string Flights = """
        name: flights
        streams:
          departures: { partitions: 4, key: origin, time: time }
        stages:
          daily:
            key: origin
            partitions: 4
            query: |
              SELECT origin, System.Timestamp() AS day, COUNT(*) AS n, AVG(delay) AS mean, MAX(delay) AS largest
              FROM departures
              GROUP BY origin, TumblingWindow(day, 1)

        """;

    /// <summary>A filter that is no stream of its own, and a sink behind it.</summary>
    private static string Filtered(string sink) => $$"""
        name: kept
        streams:
          readings: { partitions: 4, key: key }
        stages:
          all: { query: "SELECT key, seq FROM readings WHERE seq >= 0" }
        sinks:
          out: { from: all, {{sink}} }

        """;
}
