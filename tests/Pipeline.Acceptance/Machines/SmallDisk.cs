using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance.Machines;

/// <summary>
/// A disk of its own: an ext4 file system in a file, mounted on a folder, that can be frozen; or one in memory.
/// Needs root.
/// </summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly string? _image;

    private SmallDisk(string folder, string? image) => (Folder, _image) = (folder, image);

    public string Folder { get; }

    /// <summary>An ext4 file system on <paramref name="folder"/>; skips the test where none can be mounted.</summary>
    public static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        Requires.Root();
        Directory.CreateDirectory(folder);
        var image = folder.TrimEnd('/') + ".image";
        await Command.MustRunAsync("truncate", "-s", $"{megabytes}M", image);
        await Command.MustRunAsync("mkfs.ext4", "-q", "-F", image);
        var (exitCode, output) = await Command.RunAsync("mount", "-o", "loop", image, folder);
        Assert.SkipUnless(exitCode == 0, $"needs loop mounts (docker run --privileged): {output.Trim()}");
        Directory.Delete(Path.Combine(folder, "lost+found"), recursive: true);
        return new SmallDisk(folder, image);
    }

    /// <summary>
    /// A file system in memory on <paramref name="folder"/>; skips the test where none can be mounted.
    /// </summary>
    public static async Task<SmallDisk> MountMemoryAsync(string folder, int megabytes)
    {
        Requires.Root();
        Directory.CreateDirectory(folder);
        var (exitCode, output) =
            await Command.RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
        Assert.SkipUnless(exitCode == 0, $"needs tmpfs mounts (docker run --privileged): {output.Trim()}");
        return new SmallDisk(folder, null);
    }

    /// <summary>Every write and sync on it hangs from now on.</summary>
    public Task FreezeAsync() => Command.MustRunAsync("fsfreeze", "-f", Folder);

    public Task ThawAsync() => Command.MustRunAsync("fsfreeze", "-u", Folder);

    public async ValueTask DisposeAsync()
    {
        if (_image is not null)
        {
            await Command.RunAsync("fsfreeze", "-u", Folder);
        }

        await Command.RunAsync("umount", "-l", Folder);
        if (_image is not null)
        {
            File.Delete(_image);
        }
    }
}
