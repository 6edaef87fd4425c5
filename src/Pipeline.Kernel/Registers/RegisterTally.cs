namespace Pipeline.Kernel.Registers;

/// <summary>Counts over the lanes of the stores that vote.</summary>
internal readonly ref struct RegisterTally(ReadOnlySpan<RegisterLane> lanes)
{
    private readonly ReadOnlySpan<RegisterLane> _lanes = lanes;

    public delegate bool LaneTest(in RegisterLane lane);

    public int Count(LaneTest test)
    {
        var count = 0;
        foreach (ref readonly var lane in _lanes)
        {
            count += lane.Votes && test(lane) ? 1 : 0;
        }

        return count;
    }

    public int FreshAndWhole() => Count(static (in lane) => lane.Fresh && lane.Sight == LaneSight.Whole);

    /// <summary>Answered, or known not to answer just now.</summary>
    public int Heard() => Count(static (in lane) => lane.Fresh || lane.Work == LaneWork.Paused);

    public int Promises() => Count(static (in lane) => lane.HasPromised);

    public int Accepts() => Count(static (in lane) => lane.HasAccepted);

    public int Refusals() => Count(static (in lane) => lane.HasRefused);

    public int Voters() => Count(static (in _) => true);

    /// <summary>Out of this operation: they hold no register that counts.</summary>
    public int Out() => Count(static (in lane) => lane.Fresh && lane.IsOut);

    /// <summary>Stores that not even a birth can count on.</summary>
    public int Spoilt() => Count(static (in lane) => lane.Fresh && lane.Sight is LaneSight.Damaged or LaneSight.Lost);

    public int Absent() => Count(static (in lane) => lane.Fresh && lane.Sight == LaneSight.Absent);

    /// <summary>A store whose value a quorum of fresh ones holds, accepted at one ballot; or -1.</summary>
    public int Agreement(int quorum)
    {
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (Holds(_lanes[i]) && SameAs(_lanes[i].State) >= quorum)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether all promises a quorum gave came with this very accepted value: then it is chosen.</summary>
    public bool IsAcceptedByAll(in RegisterState state, int quorum)
    {
        var same = 0;
        foreach (ref readonly var lane in _lanes)
        {
            same += lane.Votes && lane.HasPromised && lane.State.HasSameValueAs(state) ? 1 : 0;
        }

        return same >= quorum;
    }

    /// <summary>A store whose register a proposer has changed or promised already; or -1.</summary>
    public int Touched()
    {
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (Holds(_lanes[i]) && !_lanes[i].State.IsUntouched)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A store that holds another value; or -1.</summary>
    public int HolderOfAnother(ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (Holds(_lanes[i]) && !_lanes[i].State.Value.Span.SequenceEqual(value))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Of the stores that promised, one with the value accepted at the highest ballot.</summary>
    public int HighestPromised()
    {
        var highest = -1;
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (_lanes[i].Votes && _lanes[i].HasPromised
                && (highest < 0 || _lanes[i].State.Accepted > _lanes[highest].State.Accepted))
            {
                highest = i;
            }
        }

        return highest;
    }

    private static bool Holds(in RegisterLane lane) => lane.Votes && lane.Fresh && lane.Sight == LaneSight.Whole;

    private int SameAs(in RegisterState state)
    {
        var same = 0;
        foreach (ref readonly var lane in _lanes)
        {
            same += Holds(lane) && lane.State.HasSameValueAs(state) ? 1 : 0;
        }

        return same;
    }
}
