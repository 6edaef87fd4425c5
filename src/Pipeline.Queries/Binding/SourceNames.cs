using Pipeline.Queries.Compilation;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>What FROM and JOIN name.</summary>
internal static class SourceNames
{
    /// <summary>The stream or stage in its own spelling; null where there is none, which is reported.</summary>
    public static string? Find(string? name, Position at, QueryOptions options, ErrorList errors)
    {
        if (name is null)
        {
            return null;
        }

        var found = options.Sources.ContainsKey(name) ? name
            : options.Sources.Keys.Where(s => s.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal).FirstOrDefault();
        if (found is null)
        {
            var names = options.Sources.Keys.Order(StringComparer.Ordinal).ToList();
            errors.Add(at, $"unknown stream or stage '{name}': "
                + (names.Count == 0 ? "there is none" : $"{string.Join(", ", names)} was expected"));
        }

        return found;
    }
}
