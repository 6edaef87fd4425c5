using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>Looks at all configured places at once.</summary>
internal static class SlotProbes
{
    public static async Task<IReadOnlyList<StoreProbe>> ProbeAllAsync(
        IReadOnlyList<IStoreSlot> slots, TimeProvider time, TimeSpan limit)
    {
        var probing = slots.Select(slot => ProbeAsync(slot, time, limit)).ToArray();
        var probes = new List<StoreProbe>();
        foreach (var probe in probing)
        {
            probes.Add(await probe);
        }

        return probes;
    }

    public static Task<StoreProbe> ProbeAsync(IStoreSlot slot, TimeProvider time, TimeSpan limit) => time.WithinAsync(
        slot.ProbeAsync, limit, static reason => new StoreProbe(StoreCondition.Unavailable, default, reason));

    public static bool HasIdentity(this StoreProbe probe) =>
        probe.Condition is StoreCondition.Identified or StoreCondition.Formatted;

    /// <summary>One line for people: every place and what lies there.</summary>
    public static string Describe(IReadOnlyList<IStoreSlot> slots, IReadOnlyList<StoreProbe> probes) =>
        string.Join("; ", slots.Select((slot, i) =>
            $"store {slot.Name}: {Word(probes[i].Condition)}{(probes[i].Detail is { } detail ? $" ({detail})" : "")}"));

    public static StoreId NewId(Random draw) => new(new UInt128(Draw64(draw), Draw64(draw)));

    private static ulong Draw64(Random draw) => unchecked((ulong)draw.NextInt64(long.MinValue, long.MaxValue));

    private static string Word(StoreCondition condition) => condition switch
    {
        StoreCondition.Blank => "blank",
        StoreCondition.Identified => "not formatted completely",
        StoreCondition.Formatted => "formatted",
        StoreCondition.Damaged => "damaged",
        StoreCondition.Newer => "of a newer version",
        _ => "no answer",
    };
}
