using System.Text;
using System.Text.Json;

namespace Pipeline.Cli.Testing;

/// <summary>Compares rows by their values.</summary>
internal static class RowDiff
{
    private const int MostShown = 50;

    /// <summary>Null where they are the same; else what differs, in one line and in rows.</summary>
    public static (string What, IReadOnlyList<DiffLine> Lines)? Of(
        IReadOnlyList<string> expected, IReadOnlyList<string> came, bool isOrdered)
    {
        var (wanted, found) = (Forms(expected), Forms(came));
        var missing = Left(wanted, found);
        var more = Left(found, wanted);
        if (missing.Count > 0 || more.Count > 0)
        {
            var what = string.Join(", ", new[] { Count(missing.Count, "missing"), Count(more.Count, "not expected") }
                .Where(static part => part.Length > 0));
            return (what, Bounded(Pairs(missing, more)));
        }

        if (!isOrdered || wanted.Select(static row => row.Form).SequenceEqual(found.Select(static row => row.Form)))
        {
            return null;
        }

        var same = wanted.Zip(found).TakeWhile(static pair => pair.First.Form == pair.Second.Form).Count();
        return ($"the rows came in another order, from row {same + 1} on", Bounded(
        [
            .. wanted.Skip(same).Select(static row => new DiffLine('-', row.Json)),
            .. found.Skip(same).Select(static row => new DiffLine('+', row.Json)),
        ]));
    }

    private static string Count(int rows, string what) =>
        rows == 0 ? "" : $"{rows} {(rows == 1 ? "row" : "rows")} {what}";

    private static List<(string Json, string Form)> Forms(IReadOnlyList<string> rows) =>
        [.. rows.Select(static row => (row, JsonForm.Of(Encoding.UTF8.GetBytes(row))))];

    /// <summary>Those of the first that the second does not have as often.</summary>
    private static List<string> Left(List<(string Json, string Form)> rows, List<(string Json, string Form)> others)
    {
        var counts = others.CountBy(static row => row.Form).ToDictionary(StringComparer.Ordinal);
        var left = new List<string>();
        foreach (var (json, form) in rows)
        {
            if (counts.GetValueOrDefault(form) is > 0 and var count)
            {
                counts[form] = count - 1;
            }
            else
            {
                left.Add(json);
            }
        }

        return left;
    }

    /// <summary>Each missing row, with the one behind it that came in its place where one looks like it.</summary>
    private static IEnumerable<DiffLine> Pairs(List<string> missing, List<string> more)
    {
        var rest = more.Select(Members).ToList();
        foreach (var json in missing)
        {
            yield return new DiffLine('-', json);
            var wanted = Members(json);
            var best = rest.Count > MostShown ? null : rest.MaxBy(other => Alike(wanted, other));
            if (best is null || 2 * Alike(wanted, best) < wanted.Fields.Count)
            {
                continue;
            }

            rest.Remove(best);
            yield return new DiffLine('+', best.Json);
            foreach (var name in wanted.Fields.Keys.Union(best.Fields.Keys)
                .Where(name => wanted.Form(name) != best.Form(name)))
            {
                yield return new DiffLine(' ', $"{name}: {wanted.Shown(name)} expected, {best.Shown(name)} came");
            }
        }

        foreach (var other in rest)
        {
            yield return new DiffLine('+', other.Json);
        }
    }

    private static int Alike(RowMembers left, RowMembers right) =>
        left.Fields.Keys.Count(name => left.Form(name) == right.Form(name));

    private static RowMembers Members(string json)
    {
        using var document = JsonDocument.Parse(json, JsonForm.Reading);
        var fields = new Dictionary<string, (string Json, string Form)>(StringComparer.Ordinal);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in document.RootElement.EnumerateObject())
            {
                fields[member.Name] = (member.Value.GetRawText(), JsonForm.Of(member.Value));
            }
        }

        return new RowMembers(json, fields);
    }

    private static List<DiffLine> Bounded(IEnumerable<DiffLine> lines)
    {
        var all = lines.ToList();
        return all.Count <= MostShown
            ? all
            : [.. all.Take(MostShown), new DiffLine(' ', $"… and {all.Count - MostShown} lines more")];
    }

    /// <summary>A row by its members.</summary>
    private sealed record RowMembers(string Json, Dictionary<string, (string Json, string Form)> Fields)
    {
        public string? Form(string name) => Fields.TryGetValue(name, out var value) ? value.Form : null;

        public string Shown(string name) => Fields.TryGetValue(name, out var value) ? value.Json : "nothing";
    }
}
