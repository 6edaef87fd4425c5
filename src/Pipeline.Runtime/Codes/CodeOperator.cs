using System.Buffers;
using System.Buffers.Binary;
using Pipeline.Kernel.Stages;

namespace Pipeline.Runtime.Codes;

/// <summary>
/// Runs a C# stage as an operator. State: <c>i32 count</c>, then by key <c>i32 length, key, i32 length, state</c>.
/// </summary>
internal sealed class CodeOperator(IStageCode code, string? keyPath) : IOperator
{
    private readonly SortedDictionary<byte[], byte[]> _states = new(KeyOrder.Instance);
    private readonly StageCodeContext _context = new();

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        var key = record.Key.ToArray();
        var before = _states.GetValueOrDefault(key) ?? [];
        _context.Begin(before);
        try
        {
            code.Process(record, _context);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            output.Reject(record, $"{error.GetType().Name}: {error.Message}");
            return;
        }

        if (_context.Reason is { } reason)
        {
            output.Reject(record, reason);
            return;
        }

        if (_context.Outputs.FirstOrDefault(made => !KeyPath.IsJson(made.Value)) is { Value: not null } wrong)
        {
            output.Reject(record, $"the stage put out {wrong.Value.Length} bytes that are not JSON");
            return;
        }

        Keep(key, before);
        foreach (var (outputKey, value) in _context.Outputs)
        {
            var chosen = outputKey ?? (keyPath is null ? key : KeyPath.Find(value, keyPath));
            output.Emit(chosen, value, record.Time);
        }
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
        // A C# stage knows no time but its events'.
    }

    public void Save(IBufferWriter<byte> to)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, _states.Count);
        to.Write(number);
        foreach (var (key, state) in _states)
        {
            foreach (var bytes in (ReadOnlySpan<byte[]>)[key, state])
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, bytes.Length);
                to.Write(number);
                to.Write(bytes);
            }
        }
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        _states.Clear();
        var count = Number(ref from);
        for (var i = 0; i < count; i++)
        {
            var key = Take(ref from);
            _states[key] = Take(ref from);
        }
    }

    private void Keep(byte[] key, ReadOnlyMemory<byte> before)
    {
        if (_context.State.IsEmpty)
        {
            _states.Remove(key);
        }
        else if (!_context.State.Equals(before))
        {
            _states[key] = _context.State.ToArray();
        }
    }

    private static int Number(ref ReadOnlySpan<byte> from)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(from, out var number) || number < 0)
        {
            throw new InvalidDataException("not the state of a C# stage");
        }

        from = from[4..];
        return number;
    }

    private static byte[] Take(ref ReadOnlySpan<byte> from)
    {
        var length = Number(ref from);
        if (length > from.Length)
        {
            throw new InvalidDataException("not the state of a C# stage");
        }

        var bytes = from[..length].ToArray();
        from = from[length..];
        return bytes;
    }
}
