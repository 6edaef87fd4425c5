using System.Buffers;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Replication.Partitions.Frames;

/// <summary>
/// An encoded frame. Counted by who needs it: the log until its stores have it, an append under way, the hash, the
/// cache. Its memory goes back to the pool when nobody does, unless a reader has seen it: then it is the collector's.
/// All on the partition's loop.
/// </summary>
internal sealed class FrameBuffer(FrameHeader header, byte[] array, int length)
{
    private int _uses = 1;

    public FrameHeader Header { get; } = header;

    public ReadOnlyMemory<byte> Bytes { get; } = array.AsMemory(0, length);

    public ReadOnlyMemory<byte> Payload => Bytes.Slice(FrameCodec.HeaderSize, Header.PayloadLength);

    public bool IsSeen { get; set; }

    public FrameBuffer Use()
    {
        _uses++;
        return this;
    }

    public void Release()
    {
        if (--_uses == 0 && !IsSeen)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
