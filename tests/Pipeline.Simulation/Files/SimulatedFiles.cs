using System.Text;

namespace Pipeline.Simulation.Files;

/// <summary>The directories file sinks write to; one machine's, shared by all processes of a world.</summary>
public sealed class SimulatedFiles
{
    private readonly SortedDictionary<string, byte[]> _visible = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _hidden = [];

    /// <summary>What a user sees: path → content.</summary>
    public IReadOnlyDictionary<string, byte[]> Visible => _visible;

    public IReadOnlyList<string> List(string directory) => [.. _visible.Keys
        .Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal))
        .Select(path => path[(directory.Length + 1)..])];

    public long CountLines(string directory, string name) =>
        Encoding.UTF8.GetString(_visible[$"{directory}/{name}"]).Count(static c => c == '\n');

    public void Append(string directory, string hiddenName, long position, ReadOnlySpan<byte> bytes)
    {
        var path = $"{directory}/{hiddenName}";
        var before = position == 0 ? [] : _hidden.GetValueOrDefault(path, []).AsSpan(0, (int)position);
        _hidden[path] = [.. before, .. bytes];
    }

    public bool Publish(string directory, string hiddenName, string name)
    {
        var path = $"{directory}/{hiddenName}";
        return _hidden.Remove(path, out var content) && _visible.TryAdd($"{directory}/{name}", content);
    }
}
