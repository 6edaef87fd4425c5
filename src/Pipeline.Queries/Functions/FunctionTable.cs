namespace Pipeline.Queries.Functions;

/// <summary>All scalar functions by name; case does not count.</summary>
internal static class FunctionTable
{
    private static readonly Dictionary<string, ScalarFunction> ByName =
        new[]
        {
            TextFunctions.All, TextEditFunctions.All, PatternFunctions.All, MathFunctions.All, TimeFunctions.All,
            ValueFunctions.All,
        }
            .SelectMany(functions => functions)
            .ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    public static ScalarFunction? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Names in use that are close to a wrong one, for messages.</summary>
    public static string? Similar(string name) => ByName.Keys
        .Where(known => Math.Abs(known.Length - name.Length) <= 2 && Distance(known, name) <= 2)
        .OrderBy(known => Distance(known, name)).ThenBy(known => known, StringComparer.Ordinal).FirstOrDefault();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                (diagonal, row[j]) =
                    (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[b.Length];
    }
}
