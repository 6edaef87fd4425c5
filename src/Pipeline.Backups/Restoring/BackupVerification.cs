using System.Security.Cryptography;
using Pipeline.Backups.Places;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.Backups.Restoring;

/// <summary>Reads all of a backup and compares every hash, without a service.</summary>
public sealed class BackupVerification(BackupPlace place)
{
    /// <summary>What is wrong, a sentence each; none: it can be restored.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(Backup backup)
    {
        var findings = new List<string>();
        foreach (var blob in backup.Blobs)
        {
            await CheckAsync(findings, blob.Name, blob.Pieces, null);
        }

        foreach (var log in backup.Logs)
        {
            if (TryDecode(log, findings) is not { } manifest)
            {
                continue;
            }

            foreach (var blob in log.Indexes)
            {
                await CheckAsync(findings, blob.Name, blob.Pieces, null);
            }

            var closed = manifest.Closed.ToDictionary(static segment => $"{segment.Id}");
            foreach (var segment in log.Segments)
            {
                var name = $"{LogNames.Prefix(manifest.Log)}{segment.Id}";
                if (closed.GetValueOrDefault(segment.Id) is { } said && $"{said.Hash}" != segment.Hash)
                {
                    findings.Add($"{name}: the backup says another hash than the log.");
                }

                await CheckAsync(findings, name, segment.Pieces, segment.Hash);
            }

            if (log.Segments is [.., { IsOpen: true } open] && manifest.Open is { } begun)
            {
                await CheckFramesAsync(findings, manifest.Log, begun.Id, open, new LogOffset(log.End));
            }
        }

        return findings;
    }

    private static LogManifest? TryDecode(BackupLog log, List<string> findings)
    {
        try
        {
            return LogManifestCodec.Decode(log.Manifest);
        }
        catch (InvalidDataException wrong)
        {
            findings.Add($"logs/{log.Log}: {wrong.Message}");
            return null;
        }
    }

    private async Task CheckAsync(
        List<string> findings, string name, IReadOnlyList<BackupPiece> pieces, string? expected)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (var piece in pieces)
            {
                hash.AppendData((await place.LoadAsync(piece)).Span);
            }
        }
        catch (BackupException wrong)
        {
            findings.Add($"{name}: {wrong.Message}");
            return;
        }

        if (expected is not null && $"{Hash256.Read(hash.GetHashAndReset())}" != expected)
        {
            findings.Add($"{name}: its pieces are not what the backup says.");
        }
    }

    private async Task CheckFramesAsync(
        List<string> findings, LogId log, SegmentId id, BackupSegment segment, LogOffset end)
    {
        try
        {
            var bytes = new MemoryStream();
            foreach (var piece in segment.Pieces)
            {
                bytes.Write((await place.LoadAsync(piece)).Span);
            }

            var all = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            var scanner = new SegmentScanner(log, id);
            while (scanner.Next(all.Span[(int)scanner.Position..], isLast: true, out _) == ScanStep.Frame)
            {
            }

            if (scanner.ValidBytes != bytes.Length || (scanner.End is { } found && found != end))
            {
                findings.Add($"{LogNames.Prefix(log)}{id}: its frames are not whole, or do not end where it says.");
            }
        }
        catch (BackupException)
        {
            // Said already.
        }
    }
}
