using System.Buffers;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Pages;

/// <summary>GET /: the operator's console. It asks this same interface, as any other client.</summary>
internal sealed class ConsolePage(ConsoleAssets assets)
{
    private const string Name = "index.html";

    public async Task HandleAsync(HttpContext context)
    {
        var page = assets.Find(Name)!;
        var response = context.Response;
        response.ContentType = page.MediaType;
        response.ContentLength = page.Bytes.Length;
        response.Headers.ContentSecurityPolicy = BrowserHeaders.PagePolicy;
        response.BodyWriter.Write(page.Bytes);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
