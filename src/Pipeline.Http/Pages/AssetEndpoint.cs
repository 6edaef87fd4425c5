using System.Buffers;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Pages;

/// <summary>
/// GET /console/{file}: scripts and style of the console, for everybody: they hold no data. A browser keeps them, and
/// asks each time whether they are still the same.
/// </summary>
internal sealed class AssetEndpoint(ConsoleAssets assets)
{
    public const string Path = "/console/{file}";

    public async Task HandleAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["file"]!;
        if (assets.Find(name) is not { } file)
        {
            await ProblemWriter.WriteAsync(context, Problem.NotFound($"The console has no file '{name}'."));
            return;
        }

        var response = context.Response;
        response.Headers.ETag = file.Tag;
        response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString() == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.MediaType;
        response.ContentLength = file.Bytes.Length;
        response.BodyWriter.Write(file.Bytes);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
