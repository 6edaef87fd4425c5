using System.Runtime.InteropServices;

namespace Pipeline.Storage.Directories;

/// <summary>The fields of struct statx (the same on every processor) that a store looks at.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    /// <summary>How many names the file has; 0: deleted, but still open here.</summary>
    [FieldOffset(16)]
    public uint Links;

    /// <summary>Kind and rights, as in stat(2).</summary>
    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    /// <summary>Length in bytes.</summary>
    [FieldOffset(40)]
    public long Size;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;

    public readonly bool IsDirectory => (Mode & 0xF000) == 0x4000;

    /// <summary>Whether both are the same file.</summary>
    public readonly bool IsSameFile(in FileStatus other) =>
        Inode == other.Inode && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;
}
