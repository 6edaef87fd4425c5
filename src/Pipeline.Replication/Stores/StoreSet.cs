using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>
/// The configured stores: formats or opens them, says who votes, watches them, and has a store that lost its contents
/// rejoin under a new incarnation. Its methods are called on its loop; its properties may be read from any thread.
/// See docs/decisions/0007-membership-and-rejoin.md.
/// </summary>
public sealed class StoreSet : IStoreSet, IDisposable
{
    private readonly ILoop _loop;
    private readonly StoreSetOptions _options;
    private readonly Random _draw;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SlotWatch[] _watches;
    private bool _isDisposed;
    private volatile IReadOnlyList<StoreMember> _members = [];

    public StoreSet(IReadOnlyList<IStoreSlot> slots, ILoop loop, Random draw, StoreSetOptions? options = null)
    {
        Slots = slots;
        _loop = loop;
        _draw = new Random(draw.Next());
        _options = options ?? new StoreSetOptions();
        Registers = new QuorumRegisters(this, loop, new Random(draw.Next()));
        _watches = [.. slots.Select((_, i) => new SlotWatch(this, i, loop, _options))];
    }

    public IReadOnlyList<IStoreSlot> Slots { get; }

    public IReadOnlyList<StoreMember> Members => _members;

    public int Quorum => (Slots.Count / 2) + 1;

    /// <summary>The registers on the voting stores.</summary>
    public IRegisters Registers { get; }

    /// <summary>What a new incarnation is given besides registers; set before <see cref="Watch"/>.</summary>
    public IStoreFiller? Filler { get; set; }

    /// <summary>One a slot, in order.</summary>
    public IReadOnlyList<StoreStatus> Status => [.. _watches.Select(static watch => watch.Status)];

    public IBlobStore? Find(StoreId id)
    {
        foreach (var member in _members)
        {
            if (member.Id == id)
            {
                return member.Store;
            }
        }

        return null;
    }

    /// <summary>Formats blank places, opens formatted ones. To be called again while Unavailable.</summary>
    public async ValueTask<StoreSetOutcome> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var opening = new StoreOpening(Slots, _loop, _draw, _options);
        var outcome = await opening.RunAsync();
        if (outcome.Result == StoreSetResult.Opened)
        {
            Adopt(opening.Voters!, opening.Probes);
            for (var i = 0; i < _watches.Length; i++)
            {
                _watches[i].Begin(opening.Probes[i]);
            }
        }

        return outcome;
    }

    /// <summary>Has every store that lost its contents rejoin, once, where that is possible.</summary>
    public async ValueTask RejoinLostAsync()
    {
        for (var look = 0; look < _options.ProbesBeforeRejoin; look++)
        {
            foreach (var watch in _watches)
            {
                await watch.LookAsync();
            }
        }
    }

    /// <summary>Begins to watch the stores, until <see cref="Dispose"/>.</summary>
    public void Watch()
    {
        foreach (var watch in _watches)
        {
            watch.Run(_stopping.Token);
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    internal bool IsUp(int slot) => _watches[slot].Status.Phase == StorePhase.Up;

    internal StoreRejoin NewRejoin(int slot) => new(this, slot, _loop, _draw, _options);

    /// <summary>Takes over what the root register says.</summary>
    internal void Adopt(Membership membership) =>
        Adopt(membership, [.. _watches.Select(static watch => watch.Probe)]);

    /// <summary>Opens a place anew: it was gone, and is back with the incarnation that votes.</summary>
    internal IBlobStore Reopen(int slot)
    {
        var member = _members[slot];
        var store = Slots[slot].Open(member.Id);
        _members = [.. _members.Select((old, i) => i == slot ? member with { Store = store } : old)];
        (member.Store as IDisposable)?.Dispose();
        return store;
    }

    private void Adopt(Membership membership, IReadOnlyList<StoreProbe> probes)
    {
        _members = StoreMembers.Bind(membership, Slots, probes, _members);
    }
}
