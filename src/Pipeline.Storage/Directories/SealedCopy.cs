namespace Pipeline.Storage.Directories;

/// <summary>
/// Puts a copy in the place of a sealed file whose lock cannot be had: a process that was stopped between its length
/// check and its write would otherwise add or cut bytes after the seal. It wakes up with a file that has no name.
/// </summary>
internal static class SealedCopy
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Returns the copy's length in bytes; it is written in <paramref name="directory"/>.</summary>
    public static long Replace(SegmentFile segment, string directory)
    {
        using var copy = TemporaryFile.Create(directory);
        var length = 0L;
        while (segment.Read(length, ChunkSize) is { Length: > 0 } bytes)
        {
            GatherWrite.Write(copy.Handle, copy.Path, length, [bytes]);
            length += bytes.Length;
        }

        PosixFile.SyncData(copy.Handle, copy.Path);
        PosixFile.Rename(copy.Path, segment.FilePath);
        return length;
    }
}
