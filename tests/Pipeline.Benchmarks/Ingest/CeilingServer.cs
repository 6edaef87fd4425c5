using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>
/// The ceiling: a bare Kestrel endpoint that counts the lines of a body, keeps nothing and answers 200.
/// </summary>
public static class CeilingServer
{
    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        app.Urls.Add(url);
        app.Run(CountAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task CountAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var lines = 0L;
        while (true)
        {
            var read = await reader.ReadAsync();
            foreach (var part in read.Buffer)
            {
                lines += System.MemoryExtensions.Count(part.Span, (byte)'\n');
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        await context.Response.WriteAsJsonAsync(lines);
    }
}
