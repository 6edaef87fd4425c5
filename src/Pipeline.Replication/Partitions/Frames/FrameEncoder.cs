using System.Buffers;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Owning;

namespace Pipeline.Replication.Partitions.Frames;

/// <summary>
/// Makes frames: the parts, stamped with their acceptance time, between header and end mark. The bytes are copied
/// once, so that a part's buffer is its sender's again as soon as the outcome is known.
/// </summary>
internal sealed class FrameEncoder(LogId log)
{
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private Hash128 _chain;

    /// <summary>A new segment begins.</summary>
    public void Begin()
    {
        _chain = default;
        _parts.Clear();
    }

    public void Add(AppendRequest request, IReadOnlyList<int>? kept) =>
        _parts.Add(kept is null ? request.Part : PartSelection.Keep(request, kept));

    public FrameBuffer Encode(in LogEffect effect, LogMachine machine)
    {
        if (effect.FrameKind == FrameKind.State)
        {
            var state = new ByteWriter();
            machine.SaveState(state);
            _parts.Add(state.Written.ToArray());
        }

        var length = 0;
        foreach (var part in _parts)
        {
            length += part.Length;
        }

        var size = FrameCodec.HeaderSize + length + FrameCodec.TrailerSize;
        var array = ArrayPool<byte>.Shared.Rent(size);
        var payload = array.AsSpan(FrameCodec.HeaderSize, length);
        Copy(payload, effect);
        var header = new FrameHeader
        {
            Kind = effect.FrameKind,
            Log = log,
            Segment = effect.Segment,
            First = effect.First,
            Count = effect.Count,
            Commit = effect.Commit,
            Time = effect.Time,
            Previous = _chain,
            PayloadLength = length,
            PayloadCrc = Crc32C.Compute(payload),
        };
        _chain = FrameCodec.WriteHeader(header, array);
        FrameCodec.WriteTrailer(array.AsSpan(FrameCodec.HeaderSize + length));
        _parts.Clear();
        return new FrameBuffer(header, array, size);
    }

    private void Copy(Span<byte> to, in LogEffect effect)
    {
        foreach (var part in _parts)
        {
            part.Span.CopyTo(to);
            if (effect.FrameKind == FrameKind.Data)
            {
                PartCodec.StampAcceptedTime(to, effect.Time);
            }

            to = to[part.Length..];
        }
    }
}
