using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Definitions;

namespace Pipeline.Processing.Webhooks;

/// <summary>
/// Hides what a definition's variables hold in what a target says: whole values, as they are, as URLs and JSON write
/// them, and the parts of a URL that comes from a variable.
/// </summary>
internal sealed class WebhookSecrets
{
    /// <summary>Shorter ones guard nothing, and hiding them would hide everything.</summary>
    private const int Shortest = 4;

    private readonly List<string> _hidden;

    public WebhookSecrets(WebhookSinkDefinition sink)
    {
        IEnumerable<string> parts = sink.WrittenUrl is null ? [] :
        [
            sink.Url.AbsoluteUri, sink.Url.OriginalString, sink.Url.PathAndQuery, sink.Url.Host, sink.Url.IdnHost,
            .. sink.Url.PathAndQuery.Split('/', '?', '&', '='),
        ];
        _hidden =
        [
            .. sink.Secrets.Concat(sink.Secret is { } secret ? [secret] : []).Concat(parts)
                .Where(static value => value.Length >= Shortest)
                .SelectMany(Forms).Distinct().OrderByDescending(static value => value.Length),
        ];
        Longest = _hidden.Count == 0 ? 0 : _hidden[0].Length;
    }

    /// <summary>Characters of the longest form.</summary>
    public int Longest { get; }

    public string Hide(string text)
    {
        foreach (var value in _hidden)
        {
            text = text.Replace(value, "…", StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private static IEnumerable<string> Forms(string value) =>
    [
        value,
        Uri.EscapeDataString(value),
        Uri.UnescapeDataString(value),
        JsonEncodedText.Encode(value).ToString(),
        JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
    ];
}
