using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Writing;

namespace Pipeline.Kernel.Logs.Taking;

/// <summary>
/// Changes of the manifest, one at a time. Invariant: after an unknown outcome the same value is proposed again,
/// until it is chosen or another one is found in its place.
/// </summary>
internal sealed class Proposals(LogCore core)
{
    private int _attempts;

    public LogManifest? Pending { get; private set; }

    public ProposalPurpose Purpose { get; private set; }

    public long RetryAt { get; private set; } = long.MaxValue;

    public Proposals Copy(LogCore to) =>
        new(to) { _attempts = _attempts, Pending = Pending, Purpose = Purpose, RetryAt = RetryAt };

    public void Encode(ByteWriter to)
    {
        to.Byte((byte)(Pending is null ? ProposalPurpose.None : Purpose));
        to.Hash(Pending is null ? default : Hash128.Of(LogManifestCodec.Encode(Pending)));
        core.EncodeTime(to, RetryAt);
    }

    public bool IsIdle => Pending is null;

    public void Begin(ProposalPurpose purpose, LogManifest manifest)
    {
        LogCore.Require(Pending is null, "one manifest is proposed at a time");
        LogCore.Require(manifest.Version == core.Manifest.Version + 1, "a manifest follows the one before it");
        LogCore.Require(manifest.Epoch.CompareTo(core.Manifest.Epoch) >= 0, "epochs never go back");
        Pending = manifest;
        Purpose = purpose;
        _attempts = 0;
        Emit();
    }

    public void Retry()
    {
        if (Pending is not null && core.Now >= RetryAt)
        {
            Emit();
        }
    }

    /// <summary>Takes the outcome: true: chosen; false: another value is there; null: still unknown.</summary>
    public bool? OnResult(LogManifest? current)
    {
        if (Pending is null)
        {
            return null;
        }

        if (current is null || current.Version < Pending.Version)
        {
            RetryAt = core.RetryAt(_attempts++);
            return null;
        }

        var isChosen = current.Version == Pending.Version && current.Owner == core.Owner
            && current.Epoch == Pending.Epoch;
        core.Manifest = isChosen ? Pending : current;
        Pending = null;
        RetryAt = long.MaxValue;
        return isChosen;
    }

    private void Emit()
    {
        RetryAt = long.MaxValue;
        core.Emit(new LogEffect(LogEffectKind.ProposeManifest) { Manifest = Pending });
    }
}
