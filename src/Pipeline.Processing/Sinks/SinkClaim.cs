using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Whose files lie in a directory. The next offset to write follows from them, so only files of the same stream, of
/// the same catalog, may lie there: with others, events would be left out in silence.
/// </summary>
/// <param name="Catalog">The catalog's id, which no other deployment has.</param>
/// <param name="Pipeline">The pipeline; not its incarnation, since the files depend on the stream only.</param>
/// <param name="Sink">The sink, for people: it may be renamed.</param>
/// <param name="Input">The name of the stream it reads, for people.</param>
/// <param name="Stream">The number of that stream, which is never given again.</param>
internal sealed record SinkClaim(string Catalog, string Pipeline, string Sink, string Input, long Stream)
{
    public string Write() => JsonSerializer.Serialize(this) + "\n";

    public static bool TryParse(string text, [NotNullWhen(true)] out SinkClaim? claim)
    {
        try
        {
            claim = JsonSerializer.Deserialize<SinkClaim>(text);
        }
        catch (JsonException)
        {
            claim = null;
        }

        return claim is not null;
    }

    /// <summary>Why this sink may not write where <paramref name="text"/> is the claim; null where it may.</summary>
    public string? Refusal(string text)
    {
        if (!TryParse(text, out var other))
        {
            return $"its claim ({SinkFileName.Claim}) cannot be read";
        }

        if (other.Catalog != Catalog)
        {
            return $"it belongs to sink '{other.Sink}' of pipeline '{other.Pipeline}' of another host or cluster";
        }

        if (other.Pipeline != Pipeline)
        {
            return $"it belongs to sink '{other.Sink}' of pipeline '{other.Pipeline}'";
        }

        if (other.Stream == Stream)
        {
            return null;
        }

        return other.Input == Input
            ? $"its files are of a stream '{Input}' that was deleted since"
            : $"its files are of stream '{other.Input}', not of '{Input}'";
    }
}
