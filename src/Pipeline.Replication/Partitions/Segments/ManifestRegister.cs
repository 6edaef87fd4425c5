using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Registers;

namespace Pipeline.Replication.Partitions.Segments;

/// <summary>A log's manifest in its register.</summary>
internal sealed class ManifestRegister(LogId log, IRegisters registers)
{
    private readonly IRegister _register = registers.Open(LogNames.Register(log));

    /// <summary>The manifest; null where no majority answered in time.</summary>
    public async ValueTask<LogManifest?> ReadAsync(CancellationToken cancellationToken) =>
        Decode(await _register.ReadAsync(cancellationToken));

    /// <summary>The manifest after the proposal, whoever's it is; null where the outcome is unknown.</summary>
    public async ValueTask<LogManifest?> ProposeAsync(LogManifest next)
    {
        var bytes = LogManifestCodec.Encode(next);
        return Decode(await _register.ProposeAsync(
            current => LogManifestCodec.Decode(current.Span).Version == next.Version - 1 ? bytes : null,
            CancellationToken.None));
    }

    private static LogManifest? Decode(RegisterOutcome outcome) =>
        outcome.Status is RegisterStatus.Chosen or RegisterStatus.Declined
            ? LogManifestCodec.Decode(outcome.Value.Span)
            : null;
}
