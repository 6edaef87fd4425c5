using Pipeline.Kernel.Logs;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Logs.Producers;

/// <summary>
/// A producer sends numbered requests, also old ones again, to partitions of which any may not get its part, while
/// other clients' handles push its numbers out of the windows. As in ingestion, the home is asked first, then all parts
/// go out at once. Wrong is: events of a number twice in a partition; a number taken as complete while a partition
/// lacks it; a new number refused.
/// </summary>
internal sealed class ProducerWorld : IWorld<ProducerWorld>
{
    private const int SendKind = 0;
    private const int OtherKind = 1;
    private const int RebuildKind = 2;

    private readonly ProducerWorldOptions _options;
    private readonly ProducerPartition[] _partitions;
    private int _sends;
    private int _others;
    private int _rebuilds;
    private int _reached;

    public ProducerWorld(ProducerWorldOptions options)
    {
        _options = options;
        _partitions = [.. Enumerable.Range(0, options.Partitions).Select(_ => ProducerPartition.New(options))];
        (_sends, _others, _rebuilds) = (options.Sends, options.Others, options.Rebuilds);
    }

    private ProducerWorld(ProducerWorld from)
    {
        (_options, _partitions) = (from._options, (ProducerPartition[])from._partitions.Clone());
        (_sends, _others, _rebuilds, _reached) = (from._sends, from._others, from._rebuilds, from._reached);
    }

    public string? Violation { get; private set; }

    public void AddActions(List<int> actions)
    {
        for (var number = 0; _sends > 0 && number <= Math.Min(_reached, _options.Requests.Length - 1); number++)
        {
            for (var lost = 0; lost < 1 << _partitions.Length; lost++)
            {
                actions.Add(SendKind | (number << 4) | (lost << 8));
            }
        }

        for (var at = 0; at < _partitions.Length; at++)
        {
            if (_others > 0)
            {
                actions.Add(OtherKind | (at << 4));
            }

            if (_rebuilds > 0)
            {
                actions.Add(RebuildKind | (at << 4));
            }
        }
    }

    public ProducerWorld After(int action)
    {
        var next = new ProducerWorld(this);
        var at = (action >> 4) & 15;
        switch (action & 15)
        {
            case SendKind:
                next._sends--;
                next.Send(at, action >> 8);
                break;
            case OtherKind:
                next._others--;
                next._partitions[at] = next._partitions[at].AppendOther();
                break;
            default:
                next._rebuilds--;
                next._partitions[at] = next._partitions[at].Rebuild();
                break;
        }

        return next;
    }

    public string Describe(int action) => (action & 15) switch
    {
        SendKind => $"send {(action >> 4) & 15}, lost on the way: partitions {Convert.ToString(action >> 8, 2)}",
        OtherKind => $"another handle comes to partition {action >> 4}",
        _ => $"partition {action >> 4} rolls and is rebuilt",
    };

    public UInt128 Fingerprint() => LogSymmetry.Combine(
    [
        .. _partitions.Select(static partition => partition.Print()),
        (UInt128)_sends,
        (UInt128)_others,
        (UInt128)_rebuilds,
        (UInt128)_reached,
    ]);

    /// <summary>One request; the parts to the partitions in the mask do not arrive.</summary>
    private void Send(int number, int lost)
    {
        var isNew = number == _reached && _partitions.All(partition => partition.Appended[number] == 0);
        var asked = _partitions[0].Ask(number);
        var isTaken = asked == LogReply.Appended && SendParts(number, lost);
        if (isNew && !isTaken && (asked != LogReply.Appended || lost == 0))
        {
            Violation ??= $"number {number} is new, and refused ({asked})";
        }
    }

    private bool SendParts(int number, int lost)
    {
        var isTaken = true;
        for (var at = 0; at < _partitions.Length; at++)
        {
            var hasEvents = _options.Requests[number].Contains(at);
            if (!hasEvents && at > 0)
            {
                continue;
            }

            if ((lost & (1 << at)) != 0)
            {
                isTaken = false;
                continue;
            }

            (_partitions[at], var reply) = _partitions[at].Append(ProducerPartition.PartOf(number, at == 0, hasEvents));
            isTaken &= reply is LogReply.Appended or LogReply.Duplicate;
            if (_partitions[at].Appended[number] > 1)
            {
                Violation = $"number {number} is twice in partition {at}";
            }
        }

        if (isTaken)
        {
            _reached = Math.Max(_reached, number + 1);
            var missing = _options.Requests[number].Where(at => _partitions[at].Appended[number] == 0).ToList();
            Violation ??= missing.Count > 0 ? $"number {number} is taken, partition {missing[0]} lacks it" : null;
        }

        return isTaken;
    }
}
