using System.Text.RegularExpressions;

namespace Pipeline.Definitions;

/// <summary>Reads <c>webhook:</c> of a sink. Which addresses it may reach is the host's to say.</summary>
internal static partial class WebhookSinkReader
{
    private const int LongestUrl = 2_000;
    private const int MostHeaders = 32;
    private const int LongestHeader = 4_096;
    private const int MostConcurrency = 256;
    private const int MostAttempts = 1_000;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);

    public static WebhookSinkDefinition? Read(
        DefinitionReading reading, string what, TextPosition position, TextNode node)
    {
        what = $"{what}: 'webhook'";
        string[] known = ["url", "format", "secret", "headers", "timeout", "concurrency", "attempts"];
        if (FieldMap.Read(reading, node, what, known) is not { } fields)
        {
            return null;
        }

        var url = Url(reading, what, fields, position);
        var secret = fields.Text("secret");
        if (secret is { } plain && !IsSecret(plain))
        {
            reading.Errors.Add(plain.Position, $"{what}: 'secret' {Literal}.");
        }

        var timeout = fields.Duration("timeout", WebhookSinkDefinition.DefaultTimeout);
        if (timeout < TimeSpan.FromMilliseconds(100) || timeout > LongestTimeout)
        {
            fields.Wrong(fields.Node("timeout")!, "timeout", "from 100ms to 5m");
        }

        var secrets = new List<string>([.. url?.Values ?? [], .. secret?.Values ?? []]);
        var headers = fields.Node("headers") is { } list
            ? Headers(reading, $"{what}: 'headers'", list, secrets)
            : [];
        return url is null ? null : new WebhookSinkDefinition
        {
            Url = url.Value,
            WrittenUrl = url.Written,
            UrlPosition = url.Position,
            Format = fields.Choice("format", "json", "cloudevents") == "json"
                ? WebhookFormat.Json
                : WebhookFormat.CloudEvents,
            Secret = secret?.Value,
            Headers = headers,
            Secrets = secrets,
            Timeout = timeout,
            Concurrency = fields.Integer("concurrency", 1, MostConcurrency)?.Value
                ?? WebhookSinkDefinition.DefaultConcurrency,
            Attempts = fields.Integer("attempts", 1, MostAttempts)?.Value,
        };
    }

    private const string Literal = "stands in the text, which everybody may see who may read the definition: put it "
        + "into an environment variable and write ${NAME}";

    private static Located<Uri>? Url(DefinitionReading reading, string what, FieldMap fields, TextPosition position)
    {
        if (fields.RequiredText("url", position) is not { } text)
        {
            return null;
        }

        var isWhole = Uri.TryCreate(text.Value, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0
            && url.Port > 0;
        var mistake = text.Value.Length > LongestUrl ? $"is longer than {LongestUrl} characters"
            : text.Value.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "has spaces or line breaks in it"
            : !isWhole ? "must be a whole URL, as https://example.org/hook"
            : url!.UserInfo.Length > 0 ? "has a login in it, which is not sent: write it as a header, Authorization"
            : url.Fragment.Length > 0 ? "has a part behind '#', which is never sent"
            : null;
        if (mistake is null)
        {
            return new Located<Uri>(url!, text.Position)
            {
                Written = IsLiteral(text) ? null : text.Written,
                Values = text.Values,
            };
        }

        var from = IsLiteral(text) ? "" : $" (from {text.Written})";
        reading.Errors.Add(text.Position, $"{what}: 'url'{from} {mistake}.");
        return null;
    }

    private static List<KeyValuePair<string, string>> Headers(
        DefinitionReading reading, string what, TextNode node, List<string> secrets)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (FieldMap.Read(reading, node, what) is not { } fields)
        {
            return headers;
        }

        foreach (var (name, position, _) in fields.All())
        {
            if (headers.Count == MostHeaders)
            {
                reading.Errors.Add(position, $"{what} has more than {MostHeaders} fields.");
                break;
            }

            if (fields.Text(name) is not { } value)
            {
                continue;
            }

            var mistake = !Token().IsMatch(name) ? "is no name of a header"
                : Own().IsMatch(name) ? "is set by the sink itself"
                : headers.Exists(other => other.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) ? "is there twice"
                : value.Value.Length > LongestHeader ? $"is longer than {LongestHeader} characters"
                : value.Value.Any(static c => c is < ' ' or > '~') ? "has characters other than printable ASCII"
                : Secrets().IsMatch(name) && !IsSecret(value) ? Literal
                : null;
            if (mistake is null)
            {
                headers.Add(new KeyValuePair<string, string>(name, value.Value));
                secrets.AddRange(value.Values);
            }
            else
            {
                reading.Errors.Add(position, $"{what}: '{DefinitionErrors.Shown(name, 80)}' {mistake}.");
            }
        }

        return headers;
    }

    /// <summary>Whether no variable stands in it.</summary>
    private static bool IsLiteral(Located<string> text) => text.Written is null || !Reference().IsMatch(text.Written);

    /// <summary>Whether a variable stands in it that has no default in the text.</summary>
    private static bool IsSecret(Located<string> text) => text.Written is not null && Secret().IsMatch(text.Written);

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]*(:-)?\}")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}\n]*)?\}")]
    private static partial Regex Reference();

    /// <summary>RFC 9110, 5.6.2.</summary>
    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}\z")]
    private static partial Regex Token();

    [GeneratedRegex(
        @"\A(host|content-.*|transfer-encoding|connection|keep-alive|proxy-.*|te|trailer|upgrade|expect"
            + @"|idempotency-key|x-pipeline-.*|traceparent|tracestate|baggage)\z",
        RegexOptions.IgnoreCase)]
    private static partial Regex Own();

    [GeneratedRegex("(authorization|cookie|key|token|secret|password)$", RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();
}
