using System.Globalization;
using System.Text;
using YamlDotNet.Core;

namespace Pipeline.Definitions;

/// <summary>
/// Gathers the mistakes of one definition: at most <see cref="DefinitionLimits.Errors"/>, each with a bounded text that
/// any terminal can show.
/// </summary>
public sealed class DefinitionErrors
{
    private readonly HashSet<DefinitionError> _errors = [];
    private int _more;

    public bool Any => _errors.Count > 0;

    /// <summary>Whether further mistakes are only counted.</summary>
    public bool IsFull => _errors.Count == DefinitionLimits.Errors;

    /// <summary>In the order of the text, each once; the last says how many more there are.</summary>
    public IReadOnlyList<DefinitionError> Sorted
    {
        get
        {
            List<DefinitionError> sorted =
                [.. _errors.OrderBy(static error => error.Line).ThenBy(static error => error.Column)];
            if (_more > 0)
            {
                var (line, column, _) = sorted[^1];
                sorted[^1] = new DefinitionError(line, column, $"… and {_more + 1} more mistakes.");
            }

            return sorted;
        }
    }

    /// <summary>Bounds errors found elsewhere.</summary>
    public static IReadOnlyList<DefinitionError> Bounded(IEnumerable<DefinitionError> errors)
    {
        var all = new DefinitionErrors();
        foreach (var (line, column, message) in errors)
        {
            all.Add(new TextPosition(line, column), message);
        }

        return all.Sorted;
    }

    internal void Add(TextPosition position, string message)
    {
        if (IsFull)
        {
            _more++;
            return;
        }

        _errors.Add(new DefinitionError(position.Line, position.Column, Shown(message, DefinitionLimits.ErrorText)));
    }

    internal void Add(TextNode node, string message) => Add(node.Position, message);

    internal void Add(in Mark at, string message) => Add(At(at), message);

    public static TextPosition At(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    /// <summary>
    /// A text as it was written, cut in its middle where it is longer than <paramref name="most"/>, and without
    /// characters that a terminal would obey.
    /// </summary>
    public static string Shown(string text, int most)
    {
        var whole = Variables.Unmask(text.Length <= 4 * most ? text : $"{text[..(2 * most)]}…{text[^most..]}");
        var safe = Safe(whole);
        return safe.Length <= most ? safe : Safe($"{safe[..(most / 2)]} … {safe[^(most / 3)..]}");
    }

    /// <summary>Half a pair of surrogates, too, becomes a character that can be written.</summary>
    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = IsUnsafe(rune)
                ? safe.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
                : safe.Append(rune.ToString());
        }

        return safe.ToString();
    }

    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
