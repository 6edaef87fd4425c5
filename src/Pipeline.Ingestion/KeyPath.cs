using System.Text;

namespace Pipeline.Ingestion;

/// <summary>The place of a key in an event, split at dots: "device.id" is the member id of the object device.</summary>
public sealed class KeyPath
{
    private readonly byte[][] _segments;

    public KeyPath(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Text = text;
        _segments = [.. text.Split('.').Select(Encoding.UTF8.GetBytes)];
    }

    public string Text { get; }

    /// <summary>Whether of several members of one name the first counts, as in queries; else the last.</summary>
    public bool TakesFirst { get; init; }

    public int Depth => _segments.Length;

    /// <summary>Whether a member called <paramref name="name"/> (as in the JSON) is the path's segment.</summary>
    internal bool Matches(int segment, ReadOnlySpan<byte> name, bool isEscaped) =>
        isEscaped ? JsonText.UnescapedEquals(name, _segments[segment]) : name.SequenceEqual(_segments[segment]);

    public override string ToString() => Text;
}
