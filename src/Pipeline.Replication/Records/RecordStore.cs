using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Registers;

namespace Pipeline.Replication.Records;

/// <summary>Records where the stores are: a compare-and-swap register each, born when it is first written.</summary>
public sealed class RecordStore(IRegisters registers, Random draw) : IRecords
{
    /// <summary>Registers are rewritten whole, on every store, with every change.</summary>
    public const int MaxBytes = 256 << 10;

    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public async ValueTask<RecordOutcome> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var read = await registers.Open(NameOf(name)).ReadAsync(cancellationToken);
        return read.Status switch
        {
            RegisterStatus.Chosen => RecordCodec.Read(read.Value).ToOutcome(RecordStatus.Done),
            RegisterStatus.NotBorn => new RecordOutcome(RecordStatus.Done, null, null),
            _ => new RecordOutcome(RecordStatus.Unavailable, null, null),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<RecordOutcome> WriteAsync(
        string name, string? tag, ReadOnlyMemory<byte>? value, CancellationToken cancellationToken)
    {
        if (value is { Length: > MaxBytes } large)
        {
            throw new ArgumentException($"{large.Length} bytes, at most {MaxBytes}", nameof(value));
        }

        var next = new Record(DrawMark(), value);
        var isMine = false;
        ReadOnlyMemory<byte>? Change(ReadOnlyMemory<byte> current)
        {
            // What this very write left is its own: an answer was lost.
            var record = RecordCodec.Read(current);
            isMine = record.Mark == next.Mark;
            return isMine || record.Tag != tag ? null : RecordCodec.Write(next);
        }

        var blob = NameOf(name);
        var register = registers.Open(blob);
        var outcome = await register.ProposeAsync(Change, cancellationToken);
        if (outcome.Status == RegisterStatus.NotBorn)
        {
            await registers.BearAsync(blob, RecordCodec.Write(Record.None), cancellationToken);
            outcome = await register.ProposeAsync(Change, cancellationToken);
        }

        return outcome.Status switch
        {
            RegisterStatus.Chosen => next.ToOutcome(RecordStatus.Done),
            RegisterStatus.Declined when isMine => next.ToOutcome(RecordStatus.Done),
            RegisterStatus.Declined => RecordCodec.Read(outcome.Value).ToOutcome(RecordStatus.Conflict),
            _ => new RecordOutcome(RecordStatus.Unavailable, null, null),
        };
    }

    private Hash128 DrawMark()
    {
        lock (_gate)
        {
            return new Hash128((ulong)draw.NextInt64(), (ulong)draw.NextInt64());
        }
    }

    private static BlobName NameOf(string name) =>
        new($"registers/records/{Hash128.Of(Encoding.UTF8.GetBytes(name))}");
}
