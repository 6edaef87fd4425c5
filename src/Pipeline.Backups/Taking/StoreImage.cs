using System.Buffers.Binary;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Scrubbing;
using Pipeline.Storage.Blobs;

namespace Pipeline.Backups.Taking;

/// <summary>
/// Reads what a majority of stores has, without proposing, sealing or writing anything. Everything that was chosen or
/// committed before a read began is in what it gives.
/// </summary>
internal sealed class StoreImage(IStoreSet stores, StoreReading reading)
{
    private const int Attempts = 20;
    private const int ReadBytes = 1 << 20;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    /// <summary>The names of all registers that a majority of the stores tells.</summary>
    public async Task<IReadOnlyCollection<BlobName>> ListRegistersAsync()
    {
        var names = new SortedSet<BlobName>();
        var told = 0;
        foreach (var member in stores.Members)
        {
            var listing = await reading.ListAsync(member.Store, "registers/");
            told += listing.IsOk ? 1 : 0;
            names.UnionWith(listing.IsOk ? listing.Items.Select(static item => item.Name) : []);
        }

        return told >= stores.Quorum
            ? names
            : throw new BackupException("No majority of the stores answers: the backup needs one.");
    }

    /// <summary>
    /// The value of a register; null where it is not born. While it is being changed it is asked again.
    /// </summary>
    public async Task<ReadOnlyMemory<byte>?> ReadRegisterAsync(BlobName name)
    {
        var copies = new RegisterCopies(name, stores.Quorum);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await copies.ReadAsync(stores.Members, reading);
            if (copies.Chosen is { } value)
            {
                return value;
            }

            if (copies.IsUnborn)
            {
                return null;
            }

            await reading.Time.PauseAsync(Settling, CancellationToken.None);
        }

        throw new BackupException($"{name}: no majority of the stores has one value of it.");
    }

    /// <summary>A piece of a stage's state; null where no store has it whole.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadStateAsync(BlobName name)
    {
        foreach (var member in stores.Members)
        {
            var content = await reading.GetAsync(member.Store, name);
            if (content.IsOk && content.Bytes.Length >= sizeof(uint)
                && BinaryPrimitives.ReadUInt32LittleEndian(content.Bytes.Span[^sizeof(uint)..])
                    == Crc32C.Compute(content.Bytes.Span[..^sizeof(uint)]))
            {
                return content.Bytes;
            }
        }

        return null;
    }

    /// <summary>A closed segment; null where no store has it whole.</summary>
    public async Task<byte[]?> ReadClosedAsync(LogId log, ClosedSegment segment)
    {
        foreach (var member in stores.Members)
        {
            if (await new SegmentAudit(reading, member.Store, log, segment).ReadAsync() is { } bytes)
            {
                return bytes;
            }
        }

        return null;
    }

    /// <summary>
    /// What the open segment has: the longest copy among so many that one of them has all that is committed, or, where
    /// <paramref name="isAnyGood"/>, of the first that can be read. Null where too few copies can be read now.
    /// </summary>
    public async Task<(ReadOnlyMemory<byte> Frames, LogOffset End)?> ReadOpenAsync(
        LogId log, OpenSegment open, bool isAnyGood)
    {
        var best = (Frames: ReadOnlyMemory<byte>.Empty, End: open.First);
        var read = 0;
        var needed = isAnyGood ? 1 : open.Stores.Count - open.Quorum + 1;
        foreach (var member in stores.Members.Where(member => open.Stores.Contains(member.Id)))
        {
            if (isAnyGood && read == needed)
            {
                break;
            }

            if (await ReadCopyAsync(member.Store, log, open) is { } copy)
            {
                read++;
                best = copy.Frames.Length > best.Frames.Length ? copy : best;
            }
        }

        return read >= needed ? best : null;
    }

    /// <summary>What a log's register names, with the lists of older segments; null where one is gone.</summary>
    public async Task<LogContents?> ReadContentsAsync(LogManifest manifest)
    {
        var contents = new LogContents(manifest);
        await contents.LoadAsync(stores.Members, reading);
        return contents.LostIndex is null ? contents : null;
    }

    private async Task<(ReadOnlyMemory<byte> Frames, LogOffset End)?> ReadCopyAsync(
        IBlobStore store, LogId log, OpenSegment open)
    {
        var name = LogNames.Segment(log, open.Id);
        using var bytes = new MemoryStream();
        while (true)
        {
            var chunk = await reading.GetRangeAsync(store, name, bytes.Length, ReadBytes);
            if (!chunk.IsOk)
            {
                return null;
            }

            bytes.Write(chunk.Bytes.Span);
            if (chunk.Bytes.Length < ReadBytes)
            {
                break;
            }
        }

        var all = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        var scanner = new SegmentScanner(log, open.Id);
        while (scanner.Next(all.Span[(int)scanner.Position..], isLast: true, out _) == ScanStep.Frame)
        {
        }

        return scanner.Condition == SegmentCondition.Clean
            ? (all[..(int)scanner.ValidBytes], scanner.End ?? open.First)
            : null;
    }
}
