using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.TestKit.Programs;

/// <summary>
/// One Azurite blob service on a free loopback port, its data in a temporary folder. It forgets acknowledged appends
/// when it is killed, so it is only ever stopped after the test. Skips the test where it is not installed.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    public const string Version = "3.37.0";

    // The emulator's well-known account and key, published in its documentation.
    private const string Account = "devstoreaccount1";
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly string _folder;
    private readonly Process _process;

    private Azurite(string folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{Port}/{Account};";

    public static async Task<Azurite> StartAsync()
    {
        var program = FindProgram();
        Assert.SkipUnless(program is not null, $"needs Azurite: npm install --prefix .tools azurite@{Version}");
        var folder = Directory.CreateTempSubdirectory("pipeline-azurite-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo("node",
        [
            program!, "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--location", folder,
            "--silent", "--skipApiVersionCheck", "--disableTelemetry",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var azurite = new Azurite(folder, process, port);
        await azurite.ListensAsync();
        return azurite;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ListensAsync()
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            Assert.False(_process.HasExited, "Azurite ended while starting");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        Assert.Fail("Azurite did not listen within 30 s");
    }

    // .tools lies in the repository's root, beside Pipeline.sln.
    private static string? FindProgram()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Pipeline.sln")))
        {
            at = at.Parent;
        }

        var package = Path.Combine(at?.FullName ?? "", ".tools", "node_modules", "azurite");
        var program = Path.Combine(package, "dist", "src", "blob", "main.js");
        return File.Exists(program) ? program : null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
