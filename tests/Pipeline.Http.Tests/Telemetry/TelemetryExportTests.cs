using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Pipeline.Http.Telemetry;
using Xunit;

namespace Pipeline.Http.Tests.Telemetry;

/// <summary>What telemetry costs a request: nothing where nobody asked for it.</summary>
public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Without_a_collector_no_request_begins_a_span() =>
        Assert.False(await HasSpanAsync(collector: null));

    [Fact]
    public async Task With_a_collector_a_request_begins_a_span() =>
        Assert.True(await HasSpanAsync("http://127.0.0.1:9"));

    private static async Task<bool> HasSpanAsync(string? collector)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // As hosts have it: what a provider is told comes before what all are told.
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Logging:Console:LogLevel:Default"] = "Warning",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
                ["OTEL_TRACES_SAMPLER"] = "always_on",
            });
        builder.AddTelemetryExport("test");
        await using var app = builder.Build();
        bool? hasSpan = null;
        app.Run(context =>
        {
            hasSpan = Activity.Current is not null;
            return context.Response.WriteAsync("");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        await http.GetAsync(new Uri(app.Urls.Single()), TestContext.Current.CancellationToken);
        return hasSpan ?? throw new InvalidOperationException("the request never came");
    }
}
