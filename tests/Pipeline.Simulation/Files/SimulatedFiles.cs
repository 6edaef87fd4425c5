using System.Text;
using Pipeline.Processing.Sinks;

namespace Pipeline.Simulation.Files;

/// <summary>The directories file sinks write to; one machine's, shared by all processes of a world.</summary>
public sealed class SimulatedFiles
{
    private readonly SortedDictionary<string, byte[]> _visible = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _hidden = [];

    private readonly Dictionary<string, string> _claims = [];

    /// <summary>Where which activation of a partition's sink may write.</summary>
    private readonly HashSet<(string Directory, int Partition, SinkActivation Activation)> _places = [];

    /// <summary>What a user sees: path → content.</summary>
    public IReadOnlyDictionary<string, byte[]> Visible => _visible;

    public IReadOnlyList<string> List(string directory) => [.. _visible.Keys
        .Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal))
        .Select(path => path[(directory.Length + 1)..])];

    public long CountLines(string directory, string name) =>
        Encoding.UTF8.GetString(_visible[$"{directory}/{name}"]).Count(static c => c == '\n');

    public ReadOnlyMemory<byte> Read(string directory, string name, long position, int length)
    {
        var content = _visible[$"{directory}/{name}"];
        var from = (int)Math.Min(position, content.Length);
        return content.AsMemory(from, Math.Min(length, content.Length - from));
    }

    public void Open(string directory, int partition, SinkActivation activation)
    {
        _places.RemoveWhere(place =>
            place.Directory == directory && place.Partition == partition && place.Activation < activation);
        _places.Add((directory, partition, activation));
    }

    public void Append(string directory, string hiddenName, long position, ReadOnlySpan<byte> bytes)
    {
        MustBeOpen(directory, hiddenName);
        var path = $"{directory}/{hiddenName}";
        var before = position == 0 ? [] : _hidden.GetValueOrDefault(path, []).AsSpan(0, (int)position);
        _hidden[path] = [.. before, .. bytes];
    }

    public string? ReadClaim(string directory) => _claims.GetValueOrDefault(directory);

    public string Claim(string directory, string claim) =>
        _claims.TryAdd(directory, claim) ? claim : _claims[directory];

    public SinkPublication Publish(string directory, string hiddenName, string name)
    {
        MustBeOpen(directory, hiddenName);
        if (!_hidden.Remove($"{directory}/{hiddenName}", out var content))
        {
            throw new IOException($"there is no file {hiddenName} in {directory}");
        }

        if (_visible.TryAdd($"{directory}/{name}", content))
        {
            return SinkPublication.Published;
        }

        var other = _visible[$"{directory}/{name}"];
        var length = Math.Min(other.Length, content.Length);
        return length > 0 && other.AsSpan(0, length).SequenceEqual(content.AsSpan(0, length))
            ? SinkPublication.Known
            : SinkPublication.Foreign;
    }

    private void MustBeOpen(string directory, string hiddenName)
    {
        if (!_places.Any(place => place.Directory == directory
            && hiddenName.StartsWith($".{place.Partition}-{place.Activation}/", StringComparison.Ordinal)))
        {
            throw new IOException($"there is no place for {hiddenName} in {directory}");
        }
    }
}
