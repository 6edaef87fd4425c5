using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Pages;

/// <summary>GET /: one page without external assets; it asks this same interface every other second.</summary>
internal sealed class ConsolePage
{
    private readonly byte[] _html = Load();

    public async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = _html.Length;
        response.Headers.ContentSecurityPolicy = BrowserHeaders.PagePolicy;
        response.BodyWriter.Write(_html);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static byte[] Load()
    {
        using var resource = typeof(ConsolePage).Assembly.GetManifestResourceStream("console.html")!;
        var html = new byte[resource.Length];
        resource.ReadExactly(html);
        return html;
    }
}
