namespace Pipeline.Kernel.Stages;

/// <summary>Buffers that committed parts gave back, for the next ones: large arrays are dear to allocate.</summary>
internal sealed class OutputBuffers
{
    private const int Kept = 16;
    private readonly Stack<byte[]> _free = new();

    public byte[] Rent(int atLeast)
    {
        if (_free.TryPop(out var buffer) && buffer.Length >= atLeast)
        {
            return buffer;
        }

        return new byte[Math.Max(atLeast, 16 * 1024)];
    }

    public byte[] Grow(byte[] buffer, int used, int atLeast)
    {
        var larger = new byte[Math.Max(atLeast, buffer.Length * 2)];
        buffer.AsSpan(0, used).CopyTo(larger);
        Return(buffer);
        return larger;
    }

    public void Return(byte[] buffer)
    {
        if (_free.Count < Kept)
        {
            _free.Push(buffer);
        }
    }
}
