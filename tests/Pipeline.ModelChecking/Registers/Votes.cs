using System.Numerics;
using System.Text;
using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>
/// Which stores ever accepted which value at which ballot, whatever they forgot since. What a quorum accepted is
/// chosen; chosen values, by ballot, must each continue the one before.
/// </summary>
internal sealed class Votes
{
    private const int AllStores = (1 << RegisterWorld.Stores) - 1;
    private readonly List<Vote> _votes = [];

    public Votes(byte[] initial) => _votes.Add(new Vote(Ballot.Birth, initial, AllStores));

    private Votes(Votes other) => _votes.AddRange(other._votes);

    public IEnumerable<string> Chosen => _votes.Where(IsChosen).Select(static vote => Text(vote.Value));

    /// <summary>The length of the longest chosen value: what a read that starts now must at least show.</summary>
    public int LongestChosen => _votes.Where(IsChosen).Max(static vote => vote.Value.Length);

    public Votes With(Ballot ballot, ReadOnlyMemory<byte> value, int store)
    {
        var copy = new Votes(this);
        var at = _votes.FindIndex(vote => vote.Ballot == ballot && vote.Value.Span.SequenceEqual(value.Span));
        if (at >= 0)
        {
            var stores = _votes[at].Stores | (1 << store);
            var isChosen = BitOperations.PopCount((uint)stores) >= RegisterWorldOptions.Quorum;
            copy._votes[at] = _votes[at] with { Stores = isChosen ? AllStores : stores };
            return copy;
        }

        var to = _votes.FindIndex(vote => vote.Ballot > ballot
            || (vote.Ballot == ballot && vote.Value.Span.SequenceCompareTo(value.Span) > 0));
        copy._votes.Insert(to < 0 ? _votes.Count : to, new Vote(ballot, value, 1 << store));
        return copy;
    }

    public bool Has(Ballot ballot, ReadOnlyMemory<byte> value, int store)
    {
        foreach (var vote in _votes)
        {
            if (vote.Ballot == ballot && vote.Value.Span.SequenceEqual(value.Span))
            {
                return (vote.Stores & (1 << store)) != 0;
            }
        }

        return false;
    }

    /// <summary>Without what no store can add to any more: such votes decide nothing.</summary>
    public Votes Without(Func<Ballot, bool> isOpen)
    {
        if (_votes.TrueForAll(vote => IsChosen(vote) || isOpen(vote.Ballot)))
        {
            return this;
        }

        var copy = new Votes(this);
        copy._votes.RemoveAll(vote => !IsChosen(vote) && !isOpen(vote.Ballot));
        return copy;
    }

    public bool IsChosenValue(ReadOnlyMemory<byte> value) =>
        _votes.Any(vote => IsChosen(vote) && vote.Value.Span.SequenceEqual(value.Span));

    /// <summary>Two chosen values of which the later does not continue the earlier one.</summary>
    public string? Fork()
    {
        Vote? last = null;
        foreach (var vote in _votes.Where(IsChosen))
        {
            if (last is { } before
                && (before.Ballot == vote.Ballot || !vote.Value.Span.StartsWith(before.Value.Span)))
            {
                return $"chosen \"{Text(before.Value)}\" at {before.Ballot}, "
                    + $"then \"{Text(vote.Value)}\" at {vote.Ballot}";
            }

            last = vote;
        }

        return null;
    }

    public void Encode(ref StateEncoder to)
    {
        to.Write((byte)_votes.Count);
        foreach (var vote in _votes)
        {
            to.Write(vote.Ballot);
            to.Write(IsChosen(vote));
            to.Write(vote.Value.Span);
        }
    }

    public void EncodeStore(int store, ref StateEncoder to)
    {
        var bits = 0L;
        for (var i = 0; i < _votes.Count; i++)
        {
            bits |= IsChosen(_votes[i]) ? 0 : ((long)(_votes[i].Stores >> store) & 1) << i;
        }

        to.Write(bits);
    }

    public static string Text(ReadOnlyMemory<byte> value) => Encoding.ASCII.GetString(value.Span);

    private static bool IsChosen(Vote vote) => BitOperations.PopCount((uint)vote.Stores) >= RegisterWorldOptions.Quorum;

    private readonly record struct Vote(Ballot Ballot, ReadOnlyMemory<byte> Value, int Stores);
}
