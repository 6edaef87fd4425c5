namespace Pipeline.TestKit.Machines;

/// <summary>What a test needs of the machine; without it the test is skipped, and says what would help.</summary>
public static class Requires
{
    public static void Linux() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux: dotnet run test.cs on a Debian machine");

    public static void Root()
    {
        Linux();
        Assert.SkipUnless(Environment.UserName == "root", "needs root (mounts, attributes): sudo dotnet run test.cs");
    }

    public static void Program(string path, string package) =>
        Assert.SkipUnless(File.Exists(path), $"needs {path}: sudo apt-get install {package}");

    /// <summary>Prometheus and promtool; Alertmanager's amtool is in another package.</summary>
    public static void Prometheus() => Program("/usr/bin/promtool", "prometheus");

    /// <summary>Where the flights are (<see cref="Built.Flights"/>).</summary>
    public static string Flights()
    {
        Assert.SkipUnless(File.Exists(Built.Flights), "needs the flights: dotnet run test.cs installs them (npm)");
        return Built.Flights;
    }
}
