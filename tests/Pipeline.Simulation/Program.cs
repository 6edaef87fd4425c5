using Pipeline.Simulation.Worlds;
using Xunit.Runner.InProc.SystemConsole;

return args.Contains("--seed") || args.Contains("--count")
    ? Seeds.Run(args)
    : await ConsoleRunner.Run(args);
