namespace Pipeline.Simulation.Stores;

/// <summary>One blob of a simulated disk.</summary>
public sealed class StoredBlob
{
    private byte[] _bytes = [];
    private byte[]? _first;

    /// <summary>Append blob, or put blob.</summary>
    public bool IsAppend { get; init; }

    public bool IsSealed { get; set; }

    /// <summary>A failed fsync hit it: what it holds cannot be trusted to last, no append counts any more.</summary>
    public bool IsPoisoned { get; set; }

    /// <summary>Counts up over the whole disk, so that no two contents ever share one.</summary>
    public long Version { get; set; }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    public void Replace(ReadOnlySpan<byte> content)
    {
        _bytes = content.ToArray();
        _first ??= _bytes;
        Length = content.Length;
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        if (Length + content.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + content.Length));
        }

        content.CopyTo(_bytes.AsSpan(Length));
        Length += content.Length;
    }

    /// <summary>A restored backup: the first contents again (put blobs), or half of them (append blobs).</summary>
    public void GoBack()
    {
        if (IsAppend)
        {
            Truncate(Length / 2);
        }
        else
        {
            Replace(_first);
        }
    }

    /// <summary>Damage: turns bits over, in place.</summary>
    public void Flip(int at, byte mask) => _bytes[at] ^= mask;

    /// <summary>Damage: the end is gone.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);
}
