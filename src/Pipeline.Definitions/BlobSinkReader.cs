using System.Text.RegularExpressions;

namespace Pipeline.Definitions;

/// <summary>Reads <c>blob:</c> of a sink. Whether there is such a container is seen when the sink runs.</summary>
internal static partial class BlobSinkReader
{
    public static BlobSinkDefinition? Read(
        DefinitionReading reading, string what, TextPosition position, TextNode node)
    {
        if (FieldMap.Read(reading, node, $"{what}: 'blob'", "container", "path", "roll") is not { } fields)
        {
            return null;
        }

        var container = fields.RequiredText("container", position);
        var path = fields.RequiredFixedText("path", position);
        var (bytes, every) = SinkReader.Roll(reading, what, fields);
        var isRight = container is not null && path is not null;
        if (container is not null && !Variable().IsMatch(container.Written ?? "")
            && !Address().IsMatch(container.Written ?? container.Value))
        {
            isRight = false;
            reading.Errors.Add(container.Position, $"{what}: 'blob': 'container' must be written as "
                + "https://account.blob.core.windows.net/container, which the host's identity opens, or be one "
                + "variable, ${NAME}, with any address or connection string.");
        }

        if (path is not null && Mistake(path.Value) is { } mistake)
        {
            isRight = false;
            reading.Errors.Add(path.Position, $"{what}: 'blob': 'path' {mistake}.");
        }

        return !isRight ? null : new BlobSinkDefinition
        {
            Container = container!.Value,
            WrittenContainer = Variable().IsMatch(container.Written ?? "") ? container.Written : null,
            ContainerPosition = container.Position,
            Path = path!.Value.Trim('/'),
            PathPosition = path.Position,
            RollBytes = bytes,
            RollEvery = every,
        };
    }

    private static string? Mistake(string path) => SinkPath.Mistake(path)
        ?? (path.Trim('/').Split('/').Any(static name => name is "" or "." or "..")
            ? "must be names parted by '/', as out/alarms, without '.' and '..'"
            : null);

    /// <summary>One variable and nothing else: its value is the administrator's.</summary>
    [GeneratedRegex(@"\A\$\{[A-Za-z_][A-Za-z0-9_]*\}\z")]
    private static partial Regex Variable();

    /// <summary>
    /// Azure's own hosts alone: the host's identity would be shown to whoever stands behind another. A shared access
    /// signature is a secret.
    /// </summary>
    [GeneratedRegex(
        @"\Ahttps://[a-z0-9]{3,24}\.blob\.core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)/"
            + @"(\$root|[a-z0-9](-?[a-z0-9]){2,62})/?\z")]
    private static partial Regex Address();
}
