using System.Diagnostics;
using System.Globalization;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Programs;

/// <summary>
/// A PostgreSQL cluster in a temporary folder, on a free loopback port, run by a user who is not root; everybody may
/// log in as "postgres". It may listen at one more address of this machine, for the machines of a test's own network.
/// Skips the test where PostgreSQL is not installed.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Fix = "sudo apt-get install postgresql";

    private readonly string _folder;
    private readonly string _programs;
    private Process _server;

    private PostgresCluster(string folder, string programs, string address, int port)
    {
        (_folder, _programs, Address, Port) = (folder, programs, address, port);
        _server = Serve();
    }

    /// <summary>Loopback, or the address given.</summary>
    public string Address { get; }

    public int Port { get; }

    /// <summary>All that it keeps; to be copied once it was <see cref="EndAsync">ended</see>.</summary>
    public string Data => Path.Combine(_folder, "data");

    public string ConnectionString => $"Host={Address};Port={Port};Username=postgres;Database=postgres";

    /// <param name="address">Where it listens beside loopback.</param>
    /// <param name="like">The data of another one, which it begins with; null: nothing.</param>
    public static async Task<PostgresCluster> StartAsync(string address = "127.0.0.1", string? like = null)
    {
        var programs = FindPrograms();
        Assert.SkipUnless(programs is not null, $"needs PostgreSQL: {Fix}");
        var folder = Directory.CreateTempSubdirectory("pipeline-postgres-").FullName;
        var data = Path.Combine(folder, "data");
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["postgres", folder], "");
        }

        await RunAsync(like is not null
            ? AsPostgres("cp", ["-a", like, data])
            : AsPostgres(Path.Combine(programs!, "initdb"),
                ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
        if (address != "127.0.0.1")
        {
            await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), $"host all all {address}/24 trust\n");
        }

        var cluster = new PostgresCluster(folder, programs!, address, Ports.Free());
        await cluster.AnswersAsync();
        return cluster;
    }

    /// <summary>Runs SQL (and psql commands) and gives the rows, columns separated by "|".</summary>
    public async Task<string[]> QueryAsync(string script)
    {
        var (exitCode, output, errors) = await RunAsync(
            Path.Combine(_programs, "psql"),
            ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres",
             "-AtqX", "-v", "ON_ERROR_STOP=1"],
            script);
        Assert.True(exitCode == 0, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Makes a role that must log in with a password, in clear text as tokens of Azure are.</summary>
    public async Task AddRoleAsync(string role, string password)
    {
        var rules = Path.Combine(_folder, "data", "pg_hba.conf");
        var others = await File.ReadAllTextAsync(rules);
        await File.WriteAllTextAsync(rules, $"host all {role} 127.0.0.1/32 password\n{others}");
        await QueryAsync($"CREATE ROLE {role} SUPERUSER LOGIN PASSWORD '{password}'; SELECT pg_reload_conf();");
    }

    /// <summary>Ends it in good order: its data is whole.</summary>
    public async Task EndAsync()
    {
        await Command.MustRunAsync("kill", "-INT", $"{_server.Id}");
        await _server.WaitForExitAsync();
    }

    /// <summary>As kill -9: connections break, new ones are refused.</summary>
    public async Task StopAsync()
    {
        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
    }

    /// <summary>Serves the same data on the same port again.</summary>
    public Task StartAgainAsync()
    {
        _server.Dispose();
        _server = Serve();
        return AnswersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Serve()
    {
        var addresses = Address == "127.0.0.1" ? Address : $"127.0.0.1,{Address}";
        var server = Process.Start(Start(AsPostgres(Path.Combine(_programs, "postgres"),
            ["-D", Path.Combine(_folder, "data"), "-p", $"{Port}",
             "-c", $"listen_addresses={addresses}", "-c", "unix_socket_directories=",
             "-c", "fsync=off", "-c", "timezone=UTC", "-c", "log_min_messages=fatal"])))!;
        _ = server.StandardError.ReadToEndAsync();
        _ = server.StandardOutput.ReadToEndAsync();
        server.StandardInput.Close();
        return server;
    }

    private async Task AnswersAsync()
    {
        string[] arguments = ["-h", "127.0.0.1", "-p", $"{Port}", "-q"];
        for (var attempt = 0; attempt < 300; attempt++)
        {
            Assert.False(_server.HasExited, "PostgreSQL ended while starting");
            if ((await RunAsync(Path.Combine(_programs, "pg_isready"), arguments, "")).ExitCode == 0)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail("PostgreSQL did not start within 30 s");
    }

    private static (string File, string[] Arguments) AsPostgres(string program, string[] arguments) =>
        Environment.UserName == "root"
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : (program, arguments);

    private static string? FindPrograms() => !Directory.Exists("/usr/lib/postgresql") ? null :
        Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
            .OrderByDescending(folder => folder, StringComparer.Ordinal).FirstOrDefault();

    private static async Task RunAsync((string File, string[] Arguments) program)
    {
        var (exitCode, output, errors) = await RunAsync(program.File, program.Arguments, "");
        Assert.True(exitCode == 0, output + errors);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string file, string[] arguments, string input)
    {
        using var process = Process.Start(Start((file, arguments)))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static ProcessStartInfo Start((string File, string[] Arguments) program) =>
        new(program.File, program.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
