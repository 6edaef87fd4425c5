using System.Runtime.InteropServices;

namespace Pipeline.Storage.Directories;

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nint Length;
}
