using Pipeline.Simulation.Worlds;
using Xunit.Runner.InProc.SystemConsole;

return args.Contains("--fresh") ? FreshSeeds.Run(args)
    : args.Contains("--seed") || args.Contains("--count") || args.Contains("--worlds")
    ? Seeds.Run(args)
    : await ConsoleRunner.Run(args);
