namespace Pipeline.Kernel.Registers;

/// <summary>What a lane waits for; one request at a time.</summary>
internal enum LaneWork : byte
{
    None,
    Get,
    Put,
    Paused,
}

/// <summary>What the proposer last learned about the register's blob on a store.</summary>
internal enum LaneSight : byte
{
    /// <summary>Nothing that still holds.</summary>
    Unknown,

    /// <summary><see cref="RegisterLane.State"/> at <see cref="RegisterLane.Version"/>.</summary>
    Whole,

    Absent,
    Damaged,

    /// <summary>The store lost its identity, or the blob is of a newer version.</summary>
    Lost,
}

/// <summary>A proposer's view of one store.</summary>
internal struct RegisterLane
{
    /// <summary>False for a store that is to hold the register but does not vote yet.</summary>
    public bool Votes;

    public LaneWork Work;
    public LaneSight Sight;
    public RegisterState State;

    /// <summary>Whole: the blob's version. Damaged: the version to replace. Null: there is no blob.</summary>
    public string? Version;

    /// <summary>Put, or Paused after one: what was sent…</summary>
    public RegisterState Sent;

    /// <summary>… on which condition, …</summary>
    public string? SentVersion;

    /// <summary>… and whether Paused came of a put.</summary>
    public bool SentIsOpen;

    public int Attempt;

    /// <summary>Seen since the operation (or its restart) began.</summary>
    public bool Fresh;

    // About the ballot that runs:
    public bool HasPromised;
    public bool HasAccepted;
    public bool HasRefused;

    /// <summary>It was seen abstaining before the first accept of this ballot was sent.</summary>
    public bool MayRejoin;

    public readonly bool IsIdle => Work == LaneWork.None;

    public readonly bool Abstains => Sight is LaneSight.Absent or LaneSight.Damaged;

    public readonly bool IsOut => Abstains || Sight == LaneSight.Lost;

    public void ForgetBallot()
    {
        HasPromised = false;
        HasAccepted = false;
        HasRefused = false;
        MayRejoin = false;
    }

    /// <summary>Takes in what a get or a put showed; false: the store did not answer.</summary>
    public bool Take(in RegisterInput input, RegisterRules rules)
    {
        var wasPut = Work == LaneWork.Put;
        Work = LaneWork.None;
        if (input.Answer == StoreAnswer.Unknown)
        {
            Sight = LaneSight.Unknown;
            return false;
        }

        Attempt = 0;
        if (input.Answer == StoreAnswer.Lost)
        {
            Sight = LaneSight.Lost;
            Fresh = true;
        }
        else if (wasPut)
        {
            TakePut(input);
        }
        else
        {
            TakeGot(input, rules);
        }

        return true;
    }

    public readonly void Encode(string? current, bool isBusy, bool hasBallot, ref StateEncoder to)
    {
        to.Write((byte)((int)Work | ((int)Sight << 4)));
        var flags = isBusy && Fresh ? 1 : 0;
        if (hasBallot)
        {
            flags |= (HasPromised ? 2 : 0) | (HasAccepted ? 4 : 0) | (HasRefused ? 8 : 0) | (MayRejoin ? 16 : 0);
        }

        var wasSent = Work == LaneWork.Put || (Work == LaneWork.Paused && SentIsOpen);
        flags |= (wasSent ? 32 : 0) | (wasSent && SentVersion == current ? 64 : 0);
        flags |= Sight is LaneSight.Whole or LaneSight.Damaged && Version == current ? 128 : 0;
        to.Write((byte)flags);
        if (Sight == LaneSight.Whole)
        {
            to.Write(State);
        }

        if (wasSent)
        {
            to.Write(Sent);
            to.Write(SentIsOpen);
        }
    }

    private void TakePut(in RegisterInput input)
    {
        Sight = input.Answer == StoreAnswer.Ok ? LaneSight.Whole : LaneSight.Unknown;
        State = Sent;
        Version = input.Version;
        SentIsOpen = false;
    }

    private void TakeGot(in RegisterInput input, RegisterRules rules)
    {
        Fresh = true;
        Version = input.Version;
        var reading = RegisterReading.Damaged;
        if (input.Answer == StoreAnswer.Ok)
        {
            reading = RegisterStateCodec.Decode(input.Content ?? default, out State);
            Sight = reading switch
            {
                RegisterReading.Whole => LaneSight.Whole,
                RegisterReading.Newer => LaneSight.Lost,
                _ => LaneSight.Damaged,
            };
        }
        else
        {
            Sight = LaneSight.Absent;
            Version = null;
        }

        if (Abstains && !rules.MissingAbstains)
        {
            Sight = LaneSight.Whole;
            State = RegisterState.Born(default);
        }

        MayRejoin &= Abstains;
    }
}
