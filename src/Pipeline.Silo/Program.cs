using System.Data.Common;
using System.Runtime.InteropServices;
using Pipeline.Grains.Membership;
using Pipeline.Grains.Restarts;
using Pipeline.Silo.Hosting;
using Pipeline.Silo.Options;
using Pipeline.Silo.Schema;

if (args is ["migrate", ..])
{
    return await MigrateAsync(NewBuilder(args[1..]).Configuration);
}

using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return await new SiloSupervisor(LiveAsync, TimeProvider.System, Console.Error).RunAsync(stop.Token);

// Also while one silo has ended and the next one has not begun.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

Task<SiloEnd> LiveAsync(CancellationToken stopping)
{
    var builder = NewBuilder(args);
    var reader = new SiloOptionsReader(builder.Configuration);
    var options = reader.Read();
    return reader.Errors.Count > 0
        ? Task.FromResult(SiloEnd.Refused(string.Join(Environment.NewLine, reader.Errors)))
        : new SiloHost(options, builder).RunAsync(stopping);
}

static WebApplicationBuilder NewBuilder(string[] args)
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.Logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.TimestampFormat = "HH:mm:ss ";
    });
    return builder;
}

static async Task<int> MigrateAsync(IConfiguration configuration)
{
    const int Refused = 2;
    var mistakes = new List<string>();
    var database = MembershipDatabase.Read(configuration, mistakes);
    if (mistakes.Count > 0)
    {
        mistakes.ForEach(Console.Error.WriteLine);
        return Refused;
    }

    await using var source = database.Open();
    try
    {
        await SchemaMigration.RunAsync(source, CancellationToken.None);
    }
    catch (DbException fault)
    {
        await Console.Error.WriteLineAsync(
            $"{MembershipException.Of(fault).Message} The membership tables were not made.");
        return Refused;
    }

    Console.WriteLine("The membership tables are there.");
    return 0;
}
