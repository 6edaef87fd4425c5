using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.TestKit.Machines;

namespace Pipeline.Infra.Tests;

/// <summary>The published standalone host as the image's user, on a read-only root but for one folder.</summary>
internal sealed class Confined : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-").FullName;
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    /// <param name="program">What <c>dotnet publish</c> made.</param>
    /// <param name="pipelines">The folder with definitions.</param>
    /// <param name="data">Its data's folder, in or outside of the writable one.</param>
    public Confined(string program, string pipelines, Func<string, string> data)
    {
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("unshare",
            [
                "--mount", "sh", Repository.At("tests/Pipeline.Infra.Tests/confined.sh"), _folder, Checks.Images.User,
                program, "--urls", Address.ToString().TrimEnd('/'), "--data", data(_folder),
                "--pipelines", pipelines,
            ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The user that the process really runs as.</summary>
    public int User => int.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal))
            .Split('\t')[2],
        CultureInfo.InvariantCulture);

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux: dotnet run test.cs on a Debian machine");
        Assert.SkipUnless(Environment.UserName == "root", "needs root (mounts): sudo dotnet run test.cs");
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "needs setpriv: sudo apt-get install util-linux");
    }

    /// <summary>Whether it accepts events before the limit; ends early when the process does.</summary>
    public async Task<bool> AcceptsAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < limit && !_process.HasExited;)
        {
            try
            {
                if ((await client.GetAsync(new Uri("health", UriKind.Relative), cancellationToken)).IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, cancellationToken);
        }

        return false;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
