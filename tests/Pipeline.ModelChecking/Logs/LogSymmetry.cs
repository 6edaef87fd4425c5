using System.Runtime.InteropServices;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Taking;
using Pipeline.Kernel.Logs.Writing;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Logs;

/// <summary>
/// Fingerprints under each naming of the three stores: the least of them is that of a state and of all that differ
/// from it by the names of stores only. The kernel lets names decide two things: the order in which it sends, which
/// says nothing, for every request may be carried out at any time; and from which of several clean copies of one
/// length it reads. Those hold the same bytes, being one writer's prefixes, so that the two choices differ by names
/// only, unless copies are spoilt: worlds that spoil copies are searched without symmetry.
/// </summary>
internal sealed class LogSymmetry(bool hasSymmetry)
{
    /// <summary>
    /// Left out: how often something was tried where that decides only how long to wait, for nothing waits in a world,
    /// and what people are told.
    /// </summary>
    private static readonly string[] SkippedFields =
    [
        "Replica.Attempts", "Creation.Attempts", "Proposals._attempts", "Ownership._attempts",
        "Recovery.Complaint", "LogEffect.Detail",
    ];

    private static readonly Type[] SkippedTypes = [typeof(LogEffects), typeof(LogOptions)];
    private static readonly Type[] Parts = [typeof(LogCore), typeof(Proposals), typeof(Succession)];
    private static readonly Type[] PerStore = [typeof(StoreId), typeof(Replica), typeof(LogEffect)];

    private readonly GraphEncoder _recovering = new(SkippedTypes, SkippedFields, Parts, PerStore);

    /// <summary>A recovery starts from nothing: between two of them, what the last one found does not matter.</summary>
    private readonly GraphEncoder _settled = new([.. SkippedTypes, typeof(Recovery)], SkippedFields, Parts, PerStore);
    private readonly Dictionary<LogManifest, UInt128[]> _manifests = new(ReferenceEqualityComparer.Instance);

    /// <summary>Names[n][s] is the number that stands for store s; the first naming leaves them as they are.</summary>
    public int[][] Names { get; } = hasSymmetry
        ? [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        : [[0, 1, 2]];

    public UInt128 Of(object state, bool isRecovering, int naming) =>
        (isRecovering ? _recovering : _settled).Fingerprint(state, Names[naming]);

    /// <summary>A manifest's fingerprints, one a naming.</summary>
    public UInt128[] Of(LogManifest manifest)
    {
        if (!_manifests.TryGetValue(manifest, out var prints))
        {
            _manifests[manifest] = prints = [.. Names.Select(names => _settled.Fingerprint(manifest, names))];
        }

        return prints;
    }

    public static UInt128 Combine(ReadOnlySpan<UInt128> prints) => Fingerprints.Of(MemoryMarshal.AsBytes(prints));
}
