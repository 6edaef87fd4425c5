using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Registers;

/// <summary>All registers of a set of stores.</summary>
public interface IRegisters
{
    /// <summary>
    /// Installs the initial state of a register, with If-None-Match, on a majority at least: before anything names
    /// it, and with the same bytes whoever does it. Chosen when a majority has the register (this or a later state).
    /// </summary>
    ValueTask<RegisterOutcome> BearAsync(
        BlobName name, ReadOnlyMemory<byte> initial, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a store hold the register (again): has the value accepted anew by a majority of the voting stores without
    /// it, then installs it there. The store need not vote yet. Chosen once it holds the register.
    /// </summary>
    ValueTask<RegisterOutcome> RejoinAsync(BlobName name, IBlobStore target, CancellationToken cancellationToken);

    /// <summary>The register of this name; one object a name.</summary>
    IRegister Open(BlobName name);
}
