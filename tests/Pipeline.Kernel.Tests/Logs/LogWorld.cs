using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.Kernel.Tests.Logs;

/// <summary>Stores and a register in memory, and the owners that work on them, one effect at a time.</summary>
internal sealed class LogWorld
{
    public static readonly LogId Log = new(3, 1);

    private readonly LogOptions _options;
    private readonly LogFlaws _flaws;

    public LogWorld(int stores = 3, LogOptions? options = null, LogFlaws flaws = LogFlaws.None)
    {
        _flaws = flaws;
        _options = options ?? new LogOptions();
        for (var i = 1; i <= stores; i++)
        {
            Stores.Add(new WorldStore(Log, new StoreId((UInt128)i)));
        }
    }

    public List<WorldStore> Stores { get; } = [];

    /// <summary>The register's chosen value.</summary>
    public LogManifest Manifest { get; set; } = LogManifest.Initial(Log);

    /// <summary>No majority of the register answers.</summary>
    public bool IsRegisterDown { get; set; }

    /// <summary>The next proposal is chosen, but its outcome is unknown to the proposer.</summary>
    public bool LosesNextChoice { get; set; }

    public Dictionary<Hash256, SegmentIndex> Indexes { get; } = [];

    /// <summary>Ticks; moves only when told.</summary>
    public long Now { get; set; }

    public int Quorum => (Stores.Count / 2) + 1;

    public WorldStore Store(StoreId id) => Stores.Single(s => s.Id == id);

    /// <summary>A new owner that has not started.</summary>
    public WorldOwner NewOwner(ulong name) => new(this, new Hash128(0, name), _options, _flaws);

    /// <summary>An owner that has taken over.</summary>
    public WorldOwner StartOwner(ulong name)
    {
        var owner = NewOwner(name);
        owner.Start();
        owner.Run();
        return owner;
    }

    public LogManifest? Propose(LogManifest next)
    {
        if (IsRegisterDown)
        {
            return null;
        }

        if (Manifest.Version == next.Version - 1)
        {
            // Pair check: what is stored is what is read.
            Manifest = LogManifestCodec.Decode(LogManifestCodec.Encode(next));
        }

        if (LosesNextChoice)
        {
            LosesNextChoice = false;
            return null;
        }

        return Manifest;
    }
}
