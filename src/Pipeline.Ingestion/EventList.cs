using System.Buffers;
using System.Runtime.CompilerServices;
using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>
/// The events found in a body, in pooled arrays, and the mistakes found on the way. Bytes that do not lie in the body
/// as they are needed (unescaped keys, CloudEvents attributes, converted values) lie in a side buffer, addressed by
/// the complement of their position.
/// </summary>
internal sealed class EventList(ReadOnlyMemory<byte> body, IngestLimits limits) : IDisposable
{
    private EventEntry[] _entries = ArrayPool<EventEntry>.Shared.Rent(1024);
    private readonly ArrayBufferWriter<byte> _side = new();
    private readonly List<IngestError> _errors = [];
    private List<Hash128>? _handles;

    public ReadOnlySpan<byte> Body => body.Span;

    public IngestLimits Limits => limits;

    public int Count { get; private set; }

    public Span<EventEntry> Entries => _entries.AsSpan(0, Count);

    public IReadOnlyList<IngestError> Errors => _errors;

    /// <summary>With CloudEvents: one handle an event.</summary>
    public List<Hash128> Handles => _handles ??= [];

    /// <summary>True once no further mistakes need to be found.</summary>
    public bool IsFull => _errors.Count >= limits.MaxErrors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref EventEntry Add()
    {
        if (Count == _entries.Length)
        {
            Grow();
        }

        ref var entry = ref _entries[Count++];
        entry = default;
        return ref entry;
    }

    /// <summary>The bytes an entry points to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Slice(int start, int length) => start >= 0
        ? body.Span.Slice(start, length)
        : _side.WrittenSpan.Slice(~start, length);

    /// <summary>Keeps bytes that do not lie in the body; returns their address.</summary>
    public int AddSide(ReadOnlySpan<byte> bytes)
    {
        var address = ~_side.WrittenCount;
        _side.Write(bytes);
        return address;
    }

    /// <summary>Notes a mistake at a position in the body.</summary>
    public void Fail(IngestProblem problem, string reason, int at, int number)
    {
        if (IsFull)
        {
            return;
        }

        var before = body.Span[..Math.Min(at, body.Length)];
        _errors.Add(new IngestError(
            problem, reason, before.Count((byte)'\n') + 1, at - before.LastIndexOf((byte)'\n'), number));
    }

    public void Dispose()
    {
        ArrayPool<EventEntry>.Shared.Return(_entries);
        _entries = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<EventEntry>.Shared.Rent(_entries.Length * 4);
        _entries.CopyTo(larger, 0);
        ArrayPool<EventEntry>.Shared.Return(_entries);
        _entries = larger;
    }
}
