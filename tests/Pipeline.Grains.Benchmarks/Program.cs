using Pipeline.Grains.Benchmarks.Ingest;
using Pipeline.Grains.Benchmarks.Placement;
using Pipeline.Grains.Benchmarks.Streaming;

return args.FirstOrDefault() switch
{
    "ingest" => await ClusterIngestBenchmark.RunAsync(args[1..]),
    "streams" => await StreamBenchmark.RunAsync(args[1..]),
    "placement" => await PlacementBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project tests/Pipeline.Grains.Benchmarks -- WHAT
          ingest [--seconds 5] [--runs 5] [--partitions 4]   durable appends over HTTP: standalone, and a cluster
          streams [--silos 3] [--events 1000000] [--runs 5] [--roll 64]
                                                              partitions read through the provider "log", and by calls;
                                                              segments of so many MiB
          placement                                           where grains go by each way of placing them
        """);
    return 2;
}
