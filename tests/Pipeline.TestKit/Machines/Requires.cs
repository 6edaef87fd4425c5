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

    public static string SharedData(string name)
    {
        var path = Path.Combine(Built.SharedData, name);
        Assert.SkipUnless(File.Exists(path), $"needs ../shared/data/{name}: put the file there");
        return path;
    }
}
