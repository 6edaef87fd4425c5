namespace Pipeline.Kernel.Registers;

/// <summary>Writes a machine's state so that equal behaviour from here on means equal bytes.</summary>
internal ref struct StateEncoder(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _to[..Length];

    public void Write(bool value) => _to[Length++] = value ? (byte)1 : (byte)0;

    public void Write(byte value) => _to[Length++] = value;

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void Write(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            _to[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _to[Length++] = (byte)rest;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Write((long)bytes.Length);
        bytes.CopyTo(_to[Length..]);
        Length += bytes.Length;
    }

    public void Write(Ballot ballot)
    {
        Write(ballot.Round);
        Write((long)ballot.Proposer);
    }

    public void Write(in RegisterState state)
    {
        Write(state.Promised);
        Write(state.Accepted);
        Write(state.Value.Span);
    }
}
