using System.Text.RegularExpressions;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>The list of what a host reads is what its source says, both ways.</summary>
internal static partial class HostSources
{
    public static IEnumerable<string> Check(string host, HostBinding binding, string reader, string probes)
    {
        foreach (var (name, setting) in binding.Settings)
        {
            if (setting.Read is { } text && !reader.Contains(text, StringComparison.Ordinal))
            {
                yield return $"{host}: {binding.Reader} does not read {name} ({text})";
            }
            else if (setting is { Read: null, By: null })
            {
                yield return $"{host}: infra/checks/hosts.json does not say who reads {name}";
            }
        }

        foreach (var key in SectionKey().Matches(reader).Select(match => match.Groups[1].Value).Distinct()
            .Where(key => !binding.Settings.ContainsKey($"Pipeline__{key}")))
        {
            yield return $"{host}: {binding.Reader} reads Pipeline:{key}, which infra/checks/hosts.json does not name";
        }

        foreach (var probe in binding.Probes.Where(p => !probes.Contains($"\"{p}\"", StringComparison.Ordinal)))
        {
            yield return $"{host}: {binding.ProbesIn} does not answer {probe}";
        }
    }

    [GeneratedRegex("(?:section\\[\"|\\[\"Pipeline:)(\\w+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex SectionKey();
}
