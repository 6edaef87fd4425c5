using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Metrics;

/// <summary>GET /metrics: what the meters named Pipeline.* say.</summary>
internal sealed class MetricsEndpoint(MeterReadings readings)
{
    public async Task HandleAsync(HttpContext context)
    {
        var text = new StringBuilder();
        readings.Write(text);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(text.ToString()));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
