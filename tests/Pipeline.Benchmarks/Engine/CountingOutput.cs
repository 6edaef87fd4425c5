using Pipeline.Kernel.Stages;

namespace Pipeline.Benchmarks.Engine;

/// <summary>Counts results and copies their bytes, as the part of an output block would.</summary>
internal sealed class CountingOutput : IOperatorOutput
{
    private readonly byte[] _block = new byte[1 << 20];
    private int _used;

    public long Results { get; private set; }

    public long Bytes { get; private set; }

    public long Others { get; private set; }

    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time)
    {
        Results++;
        Bytes += value.Length;
        if (_used + key.Length + value.Length > _block.Length)
        {
            _used = 0;
        }

        key.CopyTo(_block.AsSpan(_used));
        value.CopyTo(_block.AsSpan(_used + key.Length));
        _used += key.Length + value.Length;
    }

    public void EmitLate(in StageRecord record) => Others++;

    public void Reject(in StageRecord record, string reason) => Others++;
}
