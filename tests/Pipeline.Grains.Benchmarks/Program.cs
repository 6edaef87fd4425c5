using Pipeline.Grains.Benchmarks.Streaming;

return args.FirstOrDefault() switch
{
    "streams" => await StreamBenchmark.RunAsync(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project tests/Pipeline.Grains.Benchmarks -- WHAT
          streams [--silos 3] [--events 1000000] [--runs 5]  partitions read through the provider "log", and by calls
        """);
    return 2;
}
