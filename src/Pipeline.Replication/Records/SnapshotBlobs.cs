using System.Buffers.Binary;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Records;

/// <summary>
/// Large snapshots in immutable blobs, <c>{prefix}/{epoch}-{number}-{piece}</c> (<c>0-seed{term}-{piece}</c> where no
/// activation wrote it): each a piece of the snapshot and its CRC-32C, on every store that takes it and on a majority
/// at
/// least before a checkpoint names it.
/// </summary>
public sealed class SnapshotBlobs(IStoreSet stores, string prefix)
{
    public const int PieceBytes = 8 << 20;

    /// <summary>The blobs, in order; null where no majority took one.</summary>
    public ValueTask<IReadOnlyList<BlobName>?> WriteAsync(
        Epoch epoch, long number, ReadOnlyMemory<byte> snapshot, CancellationToken cancellationToken) =>
        WriteAsync($"{epoch}-{number}", snapshot, cancellationToken);

    /// <summary>The same for a state that a change of the definition puts together; by its term.</summary>
    public ValueTask<IReadOnlyList<BlobName>?> WriteSeedAsync(
        long term, ReadOnlyMemory<byte> snapshot, CancellationToken cancellationToken) =>
        WriteAsync($"0-seed{term}", snapshot, cancellationToken);

    private async ValueTask<IReadOnlyList<BlobName>?> WriteAsync(
        string stem, ReadOnlyMemory<byte> snapshot, CancellationToken cancellationToken)
    {
        var names = new List<BlobName>();
        for (var at = 0; at < snapshot.Length; at += PieceBytes)
        {
            var bytes = snapshot.Slice(at, Math.Min(PieceBytes, snapshot.Length - at));
            var name = new BlobName($"{prefix}/{stem}-{names.Count}");
            if (!await PutAsync(name, Checked(bytes.Span), cancellationToken))
            {
                return null;
            }

            names.Add(name);
        }

        return names;
    }

    /// <summary>The snapshot a checkpoint names; null where no store has a piece of it whole.</summary>
    public async ValueTask<byte[]?> ReadAsync(StageCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var snapshot = new MemoryStream();
        foreach (var name in checkpoint.Blobs)
        {
            if (await ReadPieceAsync(name, cancellationToken) is not { } piece)
            {
                return null;
            }

            snapshot.Write(piece.Span);
        }

        var bytes = snapshot.ToArray();
        return Hash128.Of(bytes) == checkpoint.BlobHash ? bytes : null;
    }

    public async ValueTask DeleteAsync(IEnumerable<BlobName> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            foreach (var member in stores.Members)
            {
                await member.Store.DeleteAsync(name, cancellationToken);
            }
        }
    }

    /// <summary>Deletes what earlier epochs left, but for what the checkpoint names.</summary>
    public async ValueTask SweepAsync(Epoch epoch, StageCheckpoint kept, CancellationToken cancellationToken)
    {
        foreach (var member in stores.Members)
        {
            var listing = await member.Store.ListAsync(prefix + "/", cancellationToken);
            foreach (var item in listing.IsOk ? listing.Items : [])
            {
                if (EpochOf(item.Name) < epoch.Value && !kept.Blobs.Contains(item.Name))
                {
                    await member.Store.DeleteAsync(item.Name, cancellationToken);
                }
            }
        }
    }

    private long EpochOf(BlobName name)
    {
        var file = name.Value[(prefix.Length + 1)..];
        var dash = file.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(file[..dash], out var epoch) ? epoch : long.MaxValue;
    }

    private async ValueTask<bool> PutAsync(BlobName name, byte[] bytes, CancellationToken cancellationToken)
    {
        var puts = new List<Task<BlobOutcome>>();
        foreach (var member in stores.Members)
        {
            puts.Add(member.Store.PutAsync(name, bytes, PutCondition.IfAbsent, cancellationToken).AsTask());
        }

        var done = 0;
        foreach (var put in puts)
        {
            done += (await put).IsOk ? 1 : 0;
        }

        return done >= stores.Quorum;
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ReadPieceAsync(BlobName name, CancellationToken cancellationToken)
    {
        foreach (var member in stores.Members)
        {
            var content = await member.Store.GetAsync(name, cancellationToken);
            if (content.IsOk && content.Bytes.Length >= 4
                && BinaryPrimitives.ReadUInt32LittleEndian(content.Bytes.Span[^4..])
                    == Crc32C.Compute(content.Bytes.Span[..^4]))
            {
                return content.Bytes[..^4];
            }
        }

        return null;
    }

    private static byte[] Checked(ReadOnlySpan<byte> bytes)
    {
        var piece = new byte[bytes.Length + 4];
        bytes.CopyTo(piece);
        BinaryPrimitives.WriteUInt32LittleEndian(piece.AsSpan(bytes.Length), Crc32C.Compute(bytes));
        return piece;
    }
}
