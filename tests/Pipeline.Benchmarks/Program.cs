using Pipeline.Benchmarks.Engine;

if (args is ["engine", ..])
{
    return EngineBenchmark.Run(args.Length > 1 ? args[1] : null);
}

Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Pipeline.Benchmarks -- engine [part of a name]");
return 2;
