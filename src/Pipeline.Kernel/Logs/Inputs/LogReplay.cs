using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Deduplicating;

namespace Pipeline.Kernel.Logs.Inputs;

/// <summary>
/// What a segment says, frame by frame: the memory its state frame heads it with, and what its blocks add. Built by
/// whoever reads the segment, given to the machine when it has all.
/// </summary>
public sealed class LogReplay
{
    public LogReplay(LogOptions options) => Memory = new Deduplication(options);

    private LogReplay(LogReplay from)
    {
        Memory = from.Memory.Copy();
        (End, Bytes, Frames, LastTime) = (from.End, from.Bytes, from.Frames, from.LastTime);
        (FirstEventTime, LastEventTime) = (from.FirstEventTime, from.LastEventTime);
    }

    internal Deduplication Memory { get; }

    /// <summary>The offset after the last event; null before the first frame.</summary>
    public LogOffset? End { get; private set; }

    public long Bytes { get; private set; }

    public int Frames { get; private set; }

    /// <summary>The last acceptance time, ticks UTC, also of earlier segments.</summary>
    public long LastTime { get; private set; }

    /// <summary>Acceptance time of the segment's first events; 0 without.</summary>
    public long FirstEventTime { get; private set; }

    /// <summary>Acceptance time of the segment's last events; 0 without.</summary>
    public long LastEventTime { get; private set; }

    /// <summary>
    /// Takes the next frame; throws <see cref="InvalidDataException"/> where it is not what was written.
    /// </summary>
    public void Apply(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Note(header);
        switch (header.Kind)
        {
            case FrameKind.State:
                var state = new ByteReader(payload);
                Memory.Load(ref state);
                break;
            case FrameKind.Data:
                Memory.Begin(header.Time);
                ApplyParts(header.First, payload);
                Memory.End(header.Time);
                break;
        }
    }

    internal LogReplay Copy() => new(this);

    /// <summary>Counts a frame whose parts are given one by one.</summary>
    internal void Note(in FrameHeader header)
    {
        if ((Frames == 0) != (header.Kind == FrameKind.State))
        {
            throw new InvalidDataException("a segment starts with its one state frame");
        }

        Frames++;
        Bytes += header.Size;
        End = header.End;
        LastTime = Math.Max(LastTime, header.Time);
        if (header is { Kind: FrameKind.Data, Count: > 0 })
        {
            FirstEventTime = FirstEventTime == 0 ? header.Time : FirstEventTime;
            LastEventTime = header.Time;
        }
    }

    private void ApplyParts(LogOffset first, ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0)
        {
            if (!PartCodec.TryRead(payload, out var part, out var size))
            {
                throw new InvalidDataException("a block does not consist of whole parts");
            }

            var handles = part.Header.HandleKind == HandleKind.Event ? new Hash128[part.Header.Count] : null;
            for (var i = 0; i < handles?.Length; i++)
            {
                handles[i] = part.EventHandle(i);
            }

            Memory.Replay(part.Header, handles, first);
            first += part.Header.Count;
            payload = payload[size..];
        }
    }
}
