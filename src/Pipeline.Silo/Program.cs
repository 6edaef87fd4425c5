using Pipeline.Grains.Membership;
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
    var mistakes = new List<string>();
    var database = MembershipDatabase.Read(builder.Configuration, mistakes);
    if (mistakes.Count > 0)
    {
        mistakes.ForEach(Console.Error.WriteLine);
        return Refused;
    }

    await using var source = database.Open();
    await SchemaMigration.RunAsync(source, CancellationToken.None);
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
