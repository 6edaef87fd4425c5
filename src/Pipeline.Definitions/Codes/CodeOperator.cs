using System.Buffers;
using System.Buffers.Binary;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Json;

namespace Pipeline.Definitions.Codes;

/// <summary>
/// Runs a C# stage as an operator. State: <c>i32 count</c>, then by key <c>i32 length, key, i32 length, state</c>.
/// </summary>
internal sealed class CodeOperator(IStageCode code, string? keyPath) : IOperator
{
    /// <summary>About what two arrays and a node of the dictionary take beside their contents.</summary>
    private const int EntryOverhead = 128;

    private readonly SortedDictionary<byte[], byte[]> _states = new(KeyOrder.Instance);
    private readonly StageCodeContext _context = new();
    private readonly KeyReader? _keys = keyPath is null ? null : new KeyReader(JsonPath.Parse(keyPath));
    private long _stateBytes;

    public long StateBytes => _stateBytes;

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

        if (_context.Outputs.FirstOrDefault(made => !StageOutput.IsJson(made.Value)) is { Value: not null } wrong)
        {
            output.Reject(record, $"the stage put out {wrong.Value.Length} bytes that are not JSON");
            return;
        }

        Keep(key, before);
        foreach (var (outputKey, value) in _context.Outputs)
        {
            var chosen = outputKey ?? (_keys is null ? key : KeyOf(value));
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
        _stateBytes = 0;
        var count = Number(ref from);
        for (var i = 0; i < count; i++)
        {
            var key = Take(ref from);
            var state = Take(ref from);
            _states[key] = state;
            Count(key, null, state.Length);
        }
    }

    /// <summary>Empty where there is none.</summary>
    private byte[] KeyOf(byte[] value) =>
        _keys!.TryRead(value, new byte[value.Length], out var key) ? key.ToArray() : [];

    private void Keep(byte[] key, ReadOnlyMemory<byte> before)
    {
        if (_context.State.IsEmpty)
        {
            Count(key, _states.Remove(key) ? before.Length : null, null);
        }
        else if (!_context.State.Equals(before))
        {
            Count(key, _states.ContainsKey(key) ? before.Length : null, _context.State.Length);
            _states[key] = _context.State.ToArray();
        }
    }

    /// <summary>Notes that an entry changed its length; null: that it is not there.</summary>
    private void Count(byte[] key, int? before, int? now) =>
        _stateBytes += EntryBytes(key, now) - EntryBytes(key, before);

    private static long EntryBytes(byte[] key, int? state) =>
        state is { } length ? key.Length + (long)length + EntryOverhead : 0;

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
