using Pipeline.Definitions.Codes;
using Pipeline.Http.Access;
using Pipeline.Monitoring.Alerts;
using Pipeline.Standalone.Hosting;
using Pipeline.Standalone.Options;
using Pipeline.Standalone.Stores;

if (args is ["--help"] or ["-h"] or ["-?"])
{
    Console.WriteLine(Usage.Text);
    return ExitCode.Stopped;
}

var builder = WebApplication.CreateSlimBuilder(
    new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "HH:mm:ss ";
});
var access = new AccessReader();
var reader = new OptionsReader(access.Read(builder.Configuration));
var options = reader.Read(args, builder.Configuration);
var alerts = new AlertReader(isShared: false);
options = options with { Alerts = alerts.Read(builder.Configuration) };
List<string> errors = [.. access.Errors, .. reader.Errors, .. alerts.Errors];
errors.AddRange(new StageCodes(options.Code).Errors);
var slots = StoreSlots.Of(options, errors);
if (errors.Count == 0)
{
    errors.AddRange(DataFolder.Errors(options));
}

return errors.Count > 0
    ? await StandaloneHost.RefuseAsync(errors)
    : await new StandaloneHost(options, slots, builder).RunAsync();
