namespace Pipeline.Cluster.Acceptance.Several;

/// <summary>
/// Six pipelines as different as they may be: a stage and a file sink; an exchange and windows over it; a fused stage
/// and windows, and a join of a stream with itself; a stage that gives its outputs another key; one that reads another
/// pipeline's output; one that writes rows of PostgreSQL and tells a webhook.
/// </summary>
internal static class SeveralPipelines
{
    public const string One = """
        name: one
        streams:
          r1: { partitions: 4, key: key }
        stages:
          all:
            query: SELECT key, seq FROM r1 WHERE seq >= 0
            materialize: true
        sinks:
          files: { from: all, files: { path: out/one, roll: { size: 64KiB, every: 1s } } }

        """;

    /// <summary>With a stage that was not there before: it begins with the oldest event.</summary>
    public const string OneWithCopy = """
        name: one
        streams:
          r1: { partitions: 4, key: key }
        stages:
          all:
            query: SELECT key, seq FROM r1 WHERE seq >= 0
            materialize: true
          copy:
            query: SELECT key, seq, 2 AS v FROM r1
            materialize: true
        sinks:
          files: { from: all, files: { path: out/one, roll: { size: 64KiB, every: 1s } } }

        """;

    public const string Two = """
        name: two
        streams:
          r2: { partitions: 4, key: key, time: t }
        stages:
          buckets:
            key: bucket
            lateness: 1d
            query: |
              SELECT bucket, COUNT(*) AS n, SUM(seq) AS total, System.Timestamp() AS windowEnd
              FROM r2 TIMESTAMP BY t
              GROUP BY bucket, TumblingWindow(second, 10)
        sinks:
          files: { from: buckets, files: { path: out/two, roll: { size: 64KiB, every: 1s } } }

        """;

    public const string Three = """
        name: three
        streams:
          r3: { partitions: 4, key: key, time: t }
        stages:
          valid:
            query: SELECT key, seq, t FROM r3 WHERE seq % 5 <> 0
          counts:
            lateness: 1d
            query: |
              SELECT key, COUNT(*) AS n, SUM(seq) AS total, System.Timestamp() AS windowEnd
              FROM valid TIMESTAMP BY t
              GROUP BY key, TumblingWindow(second, 10)
          pairs:
            lateness: 1d
            query: |
              SELECT l.key, r.seq FROM r3 l TIMESTAMP BY t JOIN r3 r TIMESTAMP BY t
              ON l.key = r.key AND l.seq = r.seq AND DATEDIFF(second, l, r) = 0

        """;

    public const string Four = """
        name: four
        streams:
          r4: { partitions: 4, key: key }
        stages:
          moved:
            key: other
            query: SELECT key, seq, other, 1 AS v FROM r4
            materialize: true

        """;

    /// <summary>With another key, and another text.</summary>
    public const string FourByKey = """
        name: four
        streams:
          r4: { partitions: 4, key: key }
        stages:
          moved:
            key: key
            query: SELECT key, seq, other, 2 AS v FROM r4
            materialize: true

        """;

    public const string Five = """
        name: five
        stages:
          again:
            query: SELECT key, seq FROM [one.all] WHERE seq >= 0
            materialize: true
        sinks:
          files: { from: again, files: { path: out/five, roll: { size: 64KiB, every: 1s } } }
          blobs: { from: again, blob: { container: "${BLOBS}", path: out/five, roll: { size: 64KiB, every: 1s } } }

        """;

    public static readonly IReadOnlyList<string> Names = ["one", "two", "three", "four", "five", "six"];

    /// <summary>From a table to the next it goes on where it ended.</summary>
    public static string Six(string connection, string table, Uri hook) => $$"""
        name: six
        stages:
          rows: { query: "SELECT key, seq FROM r1" }
        sinks:
          table: { from: rows, postgres: { connection: "{{connection}}", table: {{table}} } }
          hook: { from: rows, webhook: { url: "{{hook}}" } }

        """;

    public static readonly IReadOnlyList<string> Streams = ["r1", "r2", "r3", "r4"];
}
