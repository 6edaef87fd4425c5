using System.Diagnostics;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Programs;

/// <summary>
/// Azurite's blob service on a free loopback port, from npm, installed once into the repository's ignored folder
/// <c>.tools</c>. One a number for the life of the test process. It keeps what it holds in memory: it is for tests of
/// the protocol, never killed in one of durability. Skips the test where it cannot be had.
/// </summary>
public sealed class Azurite
{
    private const string Version = "3.37.0";
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Dictionary<int, Azurite> Running = [];
    private static string? _missing;

    private Azurite(int port) => Port = port;

    public int Port { get; }

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{Port}/devstoreaccount1;";

    /// <summary>The address of a container, as a person would write it.</summary>
    public string ContainerAddress(string container) => $"http://127.0.0.1:{Port}/devstoreaccount1/{container}";

    /// <summary>The instance of this number, started when first asked for.</summary>
    public static async Task<Azurite> StartAsync(int number = 0)
    {
        await Gate.WaitAsync();
        try
        {
            Assert.SkipWhen(_missing is not null, $"{_missing}");
            if (!Running.TryGetValue(number, out var azurite))
            {
                var script = await InstallAsync();
                Assert.SkipWhen(script is null, $"{_missing}");
                azurite = await StartAsync(script!);
                Running.Add(number, azurite);
            }

            return azurite;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string?> InstallAsync()
    {
        var folder = Path.Combine(Repository(), ".tools", "azurite");
        var script = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(script))
        {
            Directory.CreateDirectory(folder);
            var install = new ProcessStartInfo("npm")
            {
                ArgumentList = { "install", "--no-audit", "--no-fund", "--prefix", folder, $"azurite@{Version}" },
            };
            _missing = await RunAsync(install) is { } failure
                ? $"needs Azurite ({failure}): sudo apt-get install nodejs npm, "
                    + $"npm install --prefix .tools/azurite azurite@{Version}"
                : null;
        }

        return File.Exists(script) ? script : null;
    }

    private static async Task<Azurite> StartAsync(string script)
    {
        var port = Ports.Free();
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                script, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry",
                "--blobHost", "127.0.0.1", "--blobPort", $"{port}",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Kill(entireProcessTree: true);
        using var limit = new CancellationTokenSource(StartLimit);
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(limit.Token);
            Assert.True(line is not null, "Azurite ended");
        }
        while (!line.Contains("successfully listen", StringComparison.Ordinal));
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        return new Azurite(port);
    }

    /// <summary>Null where it ended well.</summary>
    private static async Task<string?> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await output;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"npm: {errors.Split('\n')[0]}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pipeline.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return folder;
    }
}
