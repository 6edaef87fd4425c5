using System.Net;
using System.Security.Cryptography;
using Pipeline.Grains;
using Pipeline.Grains.Clients;
using Pipeline.Http.Hosting;
using Pipeline.Http.Telemetry;

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
var urls = (builder.Configuration["Pipeline:Urls"] ?? "http://127.0.0.1:8080").Split(';');
if (Array.Find(urls, static url => !IsLoopback(url)) is { } open)
{
    await Console.Error.WriteLineAsync(
        $"Pipeline:Urls: {open} can be reached from outside, and no authentication is configured; use loopback.");
    return Refused;
}

if (builder.Configuration["Orleans:Clustering:ConnectionString"] is null
    && builder.Configuration["Orleans:Clustering:ConnectionName"] is null)
{
    await Console.Error.WriteLineAsync("Orleans:Clustering needs a ConnectionString, or a ConnectionName.");
    return Refused;
}

builder.Host.UseOrleansClient(client =>
{
    client.AddPipelineGrains().UseConnectionRetryFilter(async (_, cancellationToken) =>
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
    new PipelineHttpOptions(),
    new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
builder.AddTelemetryExport("pipeline-ingest");
builder.WebHost.UseUrls(urls);
await using var app = builder.Build();
app.MapPipelineHttp();
app.SetPipelineReady();
await app.RunAsync();
return 0;

static bool IsLoopback(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "http"
    && (url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip)));
