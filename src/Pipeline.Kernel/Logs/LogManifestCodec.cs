using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>
/// Bytes of a <see cref="LogManifest"/> and of a <see cref="SegmentIndex"/>: <c>u32 magic, u8 version</c>, fields in
/// order, <c>u32 CRC-32C</c>; little endian. Unreadable bytes throw <see cref="InvalidDataException"/>.
/// </summary>
public static class LogManifestCodec
{
    private const uint ManifestMagic = 0x314D4C50;
    private const uint IndexMagic = 0x31494C50;
    private const byte Version = 1;

    public static byte[] Encode(LogManifest manifest)
    {
        var to = new ByteWriter();
        to.UInt32(ManifestMagic);
        to.Byte(Version);
        to.Int64(manifest.Log.Stream);
        to.Int32(manifest.Log.Partition);
        to.Int64(manifest.Version);
        to.Int64(manifest.Epoch.Value);
        to.Hash(manifest.Owner);
        to.Bool(manifest.IsRecovering);
        to.Int64(manifest.FirstNumber);
        to.Int64(manifest.First.Value);
        to.Int64(manifest.LowWater.Value);
        to.Int64(manifest.NextNumber);
        WriteLink(to, manifest.Index);
        to.Bool(manifest.Open is not null);
        if (manifest.Open is { } open)
        {
            to.Int64(open.Id.Epoch.Value);
            to.Int64(open.Id.Number);
            to.Int64(open.First.Value);
            to.Int32(open.Quorum);
            WriteStores(to, open.Stores);
        }

        WriteClosed(to, manifest.Closed);
        to.UInt32(Crc32C.Compute(to.Written));
        return to.Written.ToArray();
    }

    public static LogManifest Decode(ReadOnlySpan<byte> bytes)
    {
        var from = Open(bytes, ManifestMagic, "log manifest");
        return new LogManifest
        {
            Log = new LogId(from.Int64(), from.Int32()),
            Version = from.Int64(),
            Epoch = new Epoch(from.Int64()),
            Owner = from.Hash(),
            IsRecovering = from.Bool(),
            FirstNumber = from.Int64(),
            First = new LogOffset(from.Int64()),
            LowWater = new LogOffset(from.Int64()),
            NextNumber = from.Int64(),
            Index = ReadLink(ref from),
            Open = from.Bool()
                ? new OpenSegment(
                    new SegmentId(new Epoch(from.Int64()), from.Int64()),
                    new LogOffset(from.Int64()),
                    from.Int32(),
                    ReadStores(ref from))
                : null,
            Closed = ReadClosed(ref from),
        };
    }

    public static byte[] Encode(SegmentIndex index)
    {
        var to = new ByteWriter();
        to.UInt32(IndexMagic);
        to.Byte(Version);
        WriteLink(to, index.Older);
        WriteClosed(to, index.Segments);
        to.UInt32(Crc32C.Compute(to.Written));
        return to.Written.ToArray();
    }

    public static SegmentIndex DecodeIndex(ReadOnlySpan<byte> bytes)
    {
        var from = Open(bytes, IndexMagic, "segment index");
        return new SegmentIndex(ReadLink(ref from), ReadClosed(ref from));
    }

    private static ByteReader Open(ReadOnlySpan<byte> bytes, uint magic, string what)
    {
        if (bytes.Length < 9 || new ByteReader(bytes[^4..]).UInt32() != Crc32C.Compute(bytes[..^4]))
        {
            throw new InvalidDataException($"not a {what}: bad checksum");
        }

        var from = new ByteReader(bytes[..^4]);
        if (from.UInt32() != magic || from.Byte() != Version)
        {
            throw new InvalidDataException($"not a {what} of version {Version}");
        }

        return from;
    }

    private static void WriteLink(ByteWriter to, SegmentIndexLink? link)
    {
        to.Bool(link is not null);
        if (link is not null)
        {
            to.Hash(link.Hash);
            to.Int32(link.Segments);
            to.Int64(link.Bytes);
        }
    }

    private static SegmentIndexLink? ReadLink(ref ByteReader from) =>
        from.Bool() ? new SegmentIndexLink(from.Hash256(), from.Int32(), from.Int64()) : null;

    private static void WriteStores(ByteWriter to, IReadOnlyList<StoreId> stores)
    {
        to.Int32(stores.Count);
        foreach (var store in stores)
        {
            to.UInt128(store.Value);
        }
    }

    private static StoreId[] ReadStores(ref ByteReader from)
    {
        var stores = new StoreId[from.Count(16)];
        for (var i = 0; i < stores.Length; i++)
        {
            stores[i] = new StoreId(from.UInt128());
        }

        return stores;
    }

    private static void WriteClosed(ByteWriter to, IReadOnlyList<ClosedSegment> segments)
    {
        to.Int32(segments.Count);
        foreach (var segment in segments)
        {
            to.Int64(segment.Id.Epoch.Value);
            to.Int64(segment.Id.Number);
            to.Int64(segment.First.Value);
            to.Int64(segment.End.Value);
            to.Int64(segment.Bytes);
            to.Int32(segment.Frames);
            to.Int64(segment.FirstTime);
            to.Int64(segment.LastTime);
            to.Hash(segment.Hash);
            WriteStores(to, segment.Stores);
        }
    }

    private static ClosedSegment[] ReadClosed(ref ByteReader from)
    {
        var segments = new ClosedSegment[from.Count(96)];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = new ClosedSegment
            {
                Id = new SegmentId(new Epoch(from.Int64()), from.Int64()),
                First = new LogOffset(from.Int64()),
                End = new LogOffset(from.Int64()),
                Bytes = from.Int64(),
                Frames = from.Int32(),
                FirstTime = from.Int64(),
                LastTime = from.Int64(),
                Hash = from.Hash256(),
                Stores = ReadStores(ref from),
            };
        }

        return segments;
    }
}
