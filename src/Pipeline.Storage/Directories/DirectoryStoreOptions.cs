namespace Pipeline.Storage.Directories;

/// <summary>Settings of a directory store.</summary>
public sealed record DirectoryStoreOptions
{
    /// <summary>The most threads that wait for system calls; each fdatasync in flight takes one.</summary>
    public int Threads { get; init; } = 4;

    /// <summary>Bytes kept free for seals and registers when the disk is full; 0: none.</summary>
    public long Ballast { get; init; } = 16 << 20;
}
