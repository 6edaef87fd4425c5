using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Text;

/// <summary>Writes a JSON answer by hand: the field names of the interface are in one place, the endpoint.</summary>
internal static class JsonAnswer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter, Options);
        write(json);
        json.Flush();
        return context.Response.BodyWriter.FlushAsync().AsTask();
    }

    /// <summary>A point in time, or null for 0.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, long? ticks)
    {
        if (ticks is { } some and > 0)
        {
            json.WriteString(name, UtcTime.Format(some));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
