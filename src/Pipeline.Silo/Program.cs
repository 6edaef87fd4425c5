using Pipeline.Silo.Hosting;
using Pipeline.Silo.Options;
using Pipeline.Silo.Schema;

const int Refused = 2;

var isMigration = args is ["migrate", ..];
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
{
    Args = isMigration ? args[1..] : args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "HH:mm:ss ";
});
if (isMigration)
{
    if (builder.Configuration["Orleans:Clustering:ConnectionString"] is not { } database)
    {
        await Console.Error.WriteLineAsync("Orleans:Clustering:ConnectionString is missing.");
        return Refused;
    }

    await SchemaMigration.RunAsync(database, CancellationToken.None);
    Console.WriteLine("The membership tables are there.");
    return 0;
}

var reader = new SiloOptionsReader(builder.Configuration);
var options = reader.Read();
foreach (var error in reader.Errors)
{
    await Console.Error.WriteLineAsync(error);
}

return reader.Errors.Count > 0 ? Refused : await new SiloHost(options, builder).RunAsync();
