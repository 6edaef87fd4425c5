using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Streaming;

/// <summary>Takes one event of a block.</summary>
/// <param name="offset">Its place in the partition.</param>
/// <param name="acceptedTime">When it was accepted, ticks UTC.</param>
/// <param name="record">The event; valid during the call.</param>
public delegate void LogEventAction(long offset, long acceptedTime, in RecordView record);

/// <summary>A committed block, as a log stream delivers it; it may have no events.</summary>
public sealed class LogEventBlock
{
    internal LogEventBlock(LogToken previous, LogBlock block) =>
        (Previous, Block, Token) = (previous, block, LogToken.After(block));

    /// <summary>Where the one before it ended: a receiver whose place is another has missed something.</summary>
    public LogToken Previous { get; }

    /// <summary>Where to go on after it.</summary>
    public LogToken Token { get; }

    /// <summary>The offset of its first event; may lie before the place subscribed at.</summary>
    public long FirstOffset => Block.First.Value;

    internal LogBlock Block { get; }

    /// <summary>Gives the events in order, those before the place subscribed at left out.</summary>
    public void ForEach(LogEventAction action)
    {
        var payload = Block.Payload.Span;
        var offset = FirstOffset;
        while (PartCodec.TryRead(payload, out var part, out var size))
        {
            payload = payload[size..];
            var records = part.Header.Kind == PartKind.Events ? part.Body : default;
            while (RecordCodec.TryRead(records, out var record, out var length))
            {
                records = records[length..];
                if (offset >= Previous.SequenceNumber)
                {
                    action(offset, part.Header.AcceptedTime, record);
                }

                offset++;
            }
        }
    }
}
