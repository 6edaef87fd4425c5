using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Registers;

/// <summary>All registers of a set of stores.</summary>
public interface IRegisters
{
    /// <summary>
    /// Installs the initial state of a register, with If-None-Match, on a majority at least: before anything names
    /// it, and with the same bytes whoever does it. Chosen when a majority has the register (this or a later state).
    /// </summary>
    ValueTask<RegisterOutcome> BearAsync(
        BlobName name, ReadOnlyMemory<byte> initial, CancellationToken cancellationToken);

    /// <summary>The register of this name; one object a name.</summary>
    IRegister Open(BlobName name);
}
