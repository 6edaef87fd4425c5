using System.Buffers.Binary;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// The payloads of control parts. Watermark: <c>i64 ticks</c>. Heartbeat: <c>i64 ticks, producer 16</c> (the stage
/// instance it is for). UpstreamWatermark and UpstreamState: <c>producer 16, i64 generation, i64 value</c>, the value
/// being ticks, or 0 where the upstream instance leaves the minimum. Little endian; ticks are UTC, 100 ns.
/// </summary>
public static class StageControl
{
    public const int WatermarkSize = 8;
    public const int HeartbeatSize = 24;
    public const int UpstreamSize = 32;

    public static void WriteWatermark(Span<byte> to, long ticks) => BinaryPrimitives.WriteInt64LittleEndian(to, ticks);

    public static bool TryReadWatermark(ReadOnlySpan<byte> from, out long ticks) =>
        BinaryPrimitives.TryReadInt64LittleEndian(from, out ticks);

    public static void WriteHeartbeat(Span<byte> to, long ticks, Hash128 instance)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, ticks);
        instance.Write(to[8..]);
    }

    public static bool TryReadHeartbeat(ReadOnlySpan<byte> from, out long ticks, out Hash128 instance)
    {
        ticks = 0;
        instance = default;
        if (from.Length < HeartbeatSize)
        {
            return false;
        }

        ticks = BinaryPrimitives.ReadInt64LittleEndian(from);
        instance = Hash128.Read(from[8..]);
        return true;
    }

    public static void WriteUpstream(Span<byte> to, Hash128 producer, long generation, long value)
    {
        producer.Write(to);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], generation);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], value);
    }

    public static bool TryReadUpstream(
        ReadOnlySpan<byte> from, out Hash128 producer, out long generation, out long value)
    {
        (producer, generation, value) = (default, 0, 0);
        if (from.Length < UpstreamSize)
        {
            return false;
        }

        producer = Hash128.Read(from);
        generation = BinaryPrimitives.ReadInt64LittleEndian(from[16..]);
        value = BinaryPrimitives.ReadInt64LittleEndian(from[24..]);
        return true;
    }
}
