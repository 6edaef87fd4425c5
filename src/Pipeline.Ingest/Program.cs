using System.Security.Cryptography;
using Pipeline.Grains;
using Pipeline.Grains.Clients;
using Pipeline.Grains.Membership;
using Pipeline.Http.Access;
using Pipeline.Http.Engine;
using Pipeline.Http.Hosting;
using Pipeline.Http.Telemetry;
using Pipeline.Monitoring.Alerts;

const int Refused = 2;
var pause = TimeSpan.FromMilliseconds(500);

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
var reader = new AccessReader();
var access = reader.Read(builder.Configuration);
List<string> errors = [.. reader.Errors];
var urls = new List<Uri>();
foreach (var text in (builder.Configuration["Pipeline:Urls"] ?? "http://127.0.0.1:8080").Split(';'))
{
    if (ListenUrl.TryRead(text, access, out var url, out var error))
    {
        urls.Add(url);
    }
    else
    {
        errors.Add($"Pipeline:Urls: {error}");
    }
}

errors.AddRange(ListenSettings.Errors(builder.Configuration, access));
var healthUrls = ListenSettings.HealthUrls(builder.Configuration, access, urls, errors);

// Several fronts show the same; one of them tells.
var alertReader = new AlertReader(isShared: true);
var alerts = alertReader.Read(builder.Configuration);
errors.AddRange(alertReader.Errors);
var database = MembershipDatabase.Read(builder.Configuration, errors);
if (errors.Count > 0)
{
    errors.ForEach(Console.Error.WriteLine);
    return Refused;
}

builder.Host.UseOrleansClient(client =>
{
    client.AddPipelineGrains().UseMembership(database).UseConnectionRetryFilter(async (_, cancellationToken) =>
    {
        // No silo is there yet.
        await Task.Delay(pause, TimeProvider.System, cancellationToken);
        return true;
    });
    if (builder.HasTelemetryExport())
    {
        client.AddActivityPropagation();
    }
});
builder.Services.AddPipelineHttp(
    static services => services.GetRequiredService<ClusterEngine>(),
    new PipelineHttpOptions
    {
        Access = access,
        Alerts = alerts,
        HealthPorts = [.. healthUrls.Select(static url => url.Port)],
    },
    new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
builder.AddTelemetryExport("pipeline-ingest");
builder.WebHost.UseUrls([.. urls.Concat(healthUrls).Select(static url => url.ToString())]);
await using var app = builder.Build();
app.MapPipelineHttp();
app.SetPipelineReady();
try
{
    await app.RunAsync();
    return 0;
}
catch (MembershipException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return Refused;
}
