using System.Runtime.InteropServices;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.Kernel.Tests.Logs;

/// <summary>A store in memory: what the port promises, and how it may fail.</summary>
internal sealed class WorldStore(LogId log, StoreId id)
{
    public StoreId Id => id;

    public Dictionary<SegmentId, WorldBlob> Segments { get; } = [];

    public Dictionary<SegmentId, byte[]> Fixes { get; } = [];

    /// <summary>What it answers instead of doing anything; Ok: it works.</summary>
    public StoreReply Failure { get; set; }

    /// <summary>It answers nothing for now.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>It does the next append but says Unavailable.</summary>
    public bool LosesNextAck { get; set; }

    public StoreReply Create(SegmentId segment) => Failure != StoreReply.Ok
        ? Failure
        : Segments.TryAdd(segment, new WorldBlob()) ? StoreReply.Ok : StoreReply.Conflict;

    public (StoreReply Status, long Length) Append(SegmentId segment, long position, ReadOnlySpan<byte> bytes)
    {
        if (Failure != StoreReply.Ok)
        {
            return (Failure, -1);
        }

        if (!Segments.TryGetValue(segment, out var blob))
        {
            return (StoreReply.NotFound, -1);
        }

        if (blob.IsSealed)
        {
            return (StoreReply.Sealed, -1);
        }

        if (blob.Bytes.Count != position)
        {
            return (StoreReply.PositionMismatch, blob.Bytes.Count);
        }

        blob.Bytes.AddRange(bytes);
        if (LosesNextAck)
        {
            LosesNextAck = false;
            return (StoreReply.Unavailable, -1);
        }

        return (StoreReply.Ok, blob.Bytes.Count);
    }

    public (StoreReply Status, SegmentCopy Copy) SealAndRead(SegmentId segment)
    {
        if (Failure != StoreReply.Ok)
        {
            return (Failure, default);
        }

        Segments.TryAdd(segment, new WorldBlob());
        var blob = Segments[segment];
        blob.IsSealed = true;
        var scanner = new SegmentScanner(log, segment);
        var bytes = CollectionsMarshal.AsSpan(blob.Bytes);
        while (scanner.Next(bytes[(int)scanner.Position..], true, out _) != ScanStep.End)
        {
        }

        return (StoreReply.Ok, new SegmentCopy(
            scanner.Condition, scanner.ValidBytes, scanner.ValidFrames, scanner.End, scanner.HighestCommit));
    }

    /// <summary>The first bytes of a segment from the copy and its repair blob; null where it has fewer.</summary>
    public byte[]? Read(SegmentId segment, long length)
    {
        if (Failure != StoreReply.Ok)
        {
            return null;
        }

        var bytes = Segments.TryGetValue(segment, out var blob) ? blob.Bytes.ToArray() : [];
        if (bytes.Length >= length && WorldLog.IsGood(segment, bytes[..(int)length]))
        {
            return bytes[..(int)length];
        }

        if (Fixes.TryGetValue(segment, out var fix) && FixCodec.TryRead(fix, out var from) && from <= bytes.Length)
        {
            bytes = [.. bytes[..(int)from], .. fix[FixCodec.HeaderSize..]];
        }

        return bytes.Length >= length ? bytes[..(int)length] : null;
    }

    public StoreReply Fix(SegmentId segment, long from, byte[] bytes)
    {
        if (Failure == StoreReply.Ok)
        {
            Fixes[segment] = FixCodec.Encode(from, bytes);
        }

        return Failure;
    }
}
