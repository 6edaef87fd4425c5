using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Pipelines;

/// <summary>The entity tag of a pipeline's definition is its generation: <c>"7"</c> (RFC 9110, 8.8.3).</summary>
internal static class GenerationTag
{
    public static void Write(HttpContext context, long generation) =>
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{generation}\"");

    /// <summary>For a request whose <see cref="TryRead"/> is false.</summary>
    public static Problem Malformed => Problem.Malformed(
        "If-Match must be the ETag of the definition, as \"7\"; If-None-Match must be *, for a new pipeline.");

    /// <summary>
    /// Reads <c>If-Match</c>, or <c>If-None-Match: *</c> for "there is none yet" (0); null in
    /// <paramref name="generation"/> where the request has neither. False where it is neither a generation nor a star.
    /// </summary>
    public static bool TryRead(HttpRequest request, out long? generation)
    {
        generation = null;
        var none = request.Headers.IfNoneMatch.ToString().Trim();
        var match = request.Headers.IfMatch.ToString().Trim();
        if (none.Length > 0)
        {
            generation = 0;
            return none == "*" && match.Length == 0;
        }

        if (match.Length == 0)
        {
            return true;
        }

        var isNumber = long.TryParse(
            match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        generation = number;
        return isNumber && number > 0;
    }
}
