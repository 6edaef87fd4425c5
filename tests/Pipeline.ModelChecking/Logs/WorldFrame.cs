using System.Runtime.InteropServices;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Logs;

/// <summary>A frame as the stores keep it: what it says instead of bytes.</summary>
/// <param name="Header">As the kernel gave it; the size is the same for all.</param>
/// <param name="Parts">The events' handles, one event each.</param>
/// <param name="State">State frames: the deduplication state.</param>
internal sealed record WorldFrame(FrameHeader Header, IReadOnlyList<PartHeader> Parts, byte[] State)
{
    private UInt128? _print;

    /// <summary>Bytes of any frame.</summary>
    public static int Size { get; } = new FrameHeader().Size;

    public string Text { get; } = $"{Header.Segment}@{Header.First}"
        + $"{Header.Kind switch { FrameKind.State => "state", FrameKind.Commit => "commit", _ => "data" }}"
        + $"({string.Join(",", Parts.Select(static part => part.Handle.Low))};{Header.Commit})"
        + Convert.ToHexString(State);

    public UInt128 Print => _print ??= Fingerprints.Of(MemoryMarshal.AsBytes(Text.AsSpan()));

    public void ApplyTo(LogReplay replay)
    {
        replay.Note(Header);
        if (Header.Kind == FrameKind.State)
        {
            var state = new ByteReader(State);
            replay.Memory.Load(ref state);
        }

        var first = Header.First;
        foreach (var part in Parts)
        {
            replay.Memory.Replay(part, null, first);
            first += part.Count;
        }
    }

    /// <summary>Whether the event with this handle lies at this offset in it.</summary>
    public bool Has(long offset, ulong handle)
    {
        var at = offset - Header.First.Value;
        return at >= 0 && at < Parts.Count && Parts[(int)at].Handle.Low == handle;
    }

    public static Hash256 HashOf(IEnumerable<WorldFrame> frames) =>
        Hash256.Of(System.Text.Encoding.UTF8.GetBytes(string.Join("|", frames.Select(static frame => frame.Text))));
}
