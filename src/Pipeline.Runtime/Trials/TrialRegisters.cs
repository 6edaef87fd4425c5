using Pipeline.Kernel.Identity;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Trials;

/// <summary>Registers that always answer and keep nothing: there is always a majority.</summary>
internal sealed class TrialRegisters : IRegisters, IRegister
{
    private static readonly RegisterOutcome Chosen = new(RegisterStatus.Chosen, default);

    public ValueTask<RegisterOutcome> BearAsync(
        BlobName name, ReadOnlyMemory<byte> initial, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Chosen);

    public ValueTask<RegisterOutcome> RejoinAsync(
        BlobName name, IBlobStore target, CancellationToken cancellationToken) => ValueTask.FromResult(Chosen);

    public IRegister Open(BlobName name) => this;

    public ValueTask<RegisterOutcome> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Chosen);

    public ValueTask<RegisterOutcome> ProposeAsync(
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Chosen);
}
