using Pipeline.Benchmarks.Engine;
using Pipeline.Benchmarks.Ingest;
using Pipeline.Benchmarks.Log;
using Pipeline.Benchmarks.Telemetry;

// The load client's sockets complete on the thread that polls them: it must not compete with the server for threads.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");

return args.FirstOrDefault() switch
{
    "ingest" => await IngestBenchmark.RunAsync(args[1..]),
    "compare" => await CompareBenchmark.RunAsync(args[1..]),
    "telemetry" => await TelemetryBenchmark.RunAsync(args[1..]),
    "engine" => EngineBenchmark.Run(args.ElementAtOrDefault(1)),
    "log" => await LogBenchmark.RunAsync(args[1..]),
    "ceiling" => await CeilingServer.RunAsync(args[1]),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project tests/Pipeline.Benchmarks -- WHAT
          ingest [--seconds 6] [--runs 3] [--partitions 4]   durable appends over HTTP, beside a bare Kestrel endpoint
          compare --with PROGRAM [--seconds 3] [--runs 9] [--only single]
                                                             two builds of the service in turns: this one and another
          telemetry [--seconds 4] [--runs 7]                 the same with telemetry exported and not, by turns
          log [--seconds 5] [--partitions 4] [--loops 1]     durable appends to the log alone, without HTTP
          engine [part of a name]                            queries: events/s through one operator on one core
        """);
    return 2;
}
