using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Monitoring.Metrics;

/// <summary>GET /metrics: what the meters of the product, the process and the runtime say.</summary>
public sealed class MetricsEndpoint
{
    private readonly MeterReadings _readings;

    internal MetricsEndpoint(MeterReadings readings) => _readings = readings;

    /// <summary>Answers in the format and the coding that the request asks for.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var format = MetricsFormat.Of(context.Request.Headers);
        var text = new StringBuilder();
        _readings.Write(text, format.IsOpenMetrics);
        var body = Encoding.UTF8.GetBytes(text.ToString());
        var response = context.Response;
        response.ContentType = format.ContentType;
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (format.IsGzip)
        {
            response.Headers.ContentEncoding = "gzip";
            body = Compress(body);
        }

        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] Compress(byte[] body)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }
}
