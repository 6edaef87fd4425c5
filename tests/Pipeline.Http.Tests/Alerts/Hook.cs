using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Monitoring.Alerts;
using Pipeline.Processing.Webhooks;
using Pipeline.TestKit.Machines;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>A webhook on loopback that keeps what it gets.</summary>
internal sealed class Hook : IAsyncDisposable
{
    private WebApplication? _app;

    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}/hook");

    public ConcurrentQueue<(byte[] Body, string? Signature)> Taken { get; } = new();

    /// <summary>So many are refused before one is taken.</summary>
    public int Refusing { get; set; }

    public int Asked { get; private set; }

    public AlertTarget Target(AlertFormat format = AlertFormat.Generic) => new("hook", Address, format, "secret");

    /// <summary>What was said of an alert, in order.</summary>
    public string Said(string name) => string.Join(' ', Taken
        .Select(static taken => JsonNode.Parse(taken.Body)!.AsObject())
        .Where(json => (string?)json["name"] == name).Select(static json => (string?)json["status"]));

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.GetLeftPart(UriPartial.Authority));
        _app = builder.Build();
        _app.MapPost("/hook", TakeAsync);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (++Asked <= Refusing)
        {
            context.Response.StatusCode = 500;
            return;
        }

        Taken.Enqueue((body.ToArray(), context.Request.Headers[WebhookSignature.Header]));
    }
}
