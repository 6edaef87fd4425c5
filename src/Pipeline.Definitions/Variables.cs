using System.Text.RegularExpressions;

namespace Pipeline.Definitions;

/// <summary>
/// <c>${NAME}</c> and <c>${NAME:-default}</c> in a definition. Before YAML reads the text each is masked by characters
/// that mean nothing to YAML, of the same number, so that braces do not break flow mappings and places stay right.
/// </summary>
internal static partial class Variables
{
    private const char Open = '\uE000';
    private const char Close = '\uE001';

    public static string Mask(string text) => Reference().Replace(text, static match =>
        $"{Open}{Open}{match.Value[2..^1].Replace(':', '\uE002')}{Close}");

    /// <summary>The text as it was written.</summary>
    public static string Unmask(string text) => Masked().Replace(text, static match =>
        $"${{{match.Groups[1].Value.Replace('\uE002', ':')}}}");

    /// <summary>Whether variables stand in a masked text.</summary>
    public static bool AreIn(string text) => Masked().IsMatch(text);

    /// <summary>The values that <see cref="Substitute"/> puts in.</summary>
    public static IReadOnlyList<string> Values(string text, DefinitionVariables variables) =>
        !AreIn(text) ? [] :
        [
            .. from match in Masked().Matches(text)
               let parts = match.Groups[1].Value.Split("\uE002-", 2)
               let value = variables.Value(parts[0]) ?? (parts.Length > 1 ? parts[1] : "")
               where value.Length > 0
               select value,
        ];

    /// <summary>
    /// Puts the values in; <paramref name="missing"/> names the variables that have none, <paramref name="refused"/>
    /// those that may not be read.
    /// </summary>
    public static string Substitute(
        string text,
        DefinitionVariables variables,
        out IReadOnlyList<string> missing,
        out IReadOnlyList<string> refused)
    {
        List<string> unknown = [], forbidden = [];
        (missing, refused) = (unknown, forbidden);
        return Masked().Replace(text, match =>
        {
            var parts = match.Groups[1].Value.Split("\uE002-", 2);
            var value = variables.Value(parts[0]) ?? (parts.Length > 1 ? parts[1] : null);
            if (!variables.Allows(parts[0]))
            {
                forbidden.Add(parts[0]);
            }
            else if (value is null)
            {
                unknown.Add(parts[0]);
            }

            return value ?? "";
        });
    }

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]{0,99}(:-[^}\n]{0,255})?\}")]
    private static partial Regex Reference();

    [GeneratedRegex("\uE000\uE000([^\uE000\uE001]{1,400})\uE001")]
    private static partial Regex Masked();
}
