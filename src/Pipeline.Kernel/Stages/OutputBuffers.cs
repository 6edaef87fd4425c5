namespace Pipeline.Kernel.Stages;

/// <summary>
/// Buffers that committed parts gave back, for the next ones: large arrays are dear to allocate. Those larger than
/// <paramref name="mostBytes"/> are not kept.
/// </summary>
internal sealed class OutputBuffers(int mostBytes)
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
        var larger = new byte[Math.Max(atLeast, (int)Math.Min(buffer.Length * 2L, Array.MaxLength))];
        buffer.AsSpan(0, used).CopyTo(larger);
        Return(buffer);
        return larger;
    }

    public void Return(byte[] buffer)
    {
        if (_free.Count < Kept && buffer.Length <= mostBytes)
        {
            _free.Push(buffer);
        }
    }
}
