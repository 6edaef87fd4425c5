using Pipeline.Kernel.Logs;

namespace Pipeline.ModelChecking.Logs;

/// <summary>What happens in a log world, and how often at most.</summary>
internal sealed record LogWorldOptions
{
    private const long Never = TimeSpan.TicksPerDay;

    /// <summary>Handles of the events sent to the first owner, one by one: a repeated one is a retry.</summary>
    public ulong[] Events { get; init; } = [1, 2];

    /// <summary>Handles of the events sent to each later owner once it serves.</summary>
    public ulong[] LaterEvents { get; init; } = [];

    public int Owners { get; init; } = 2;

    public LogFlaws Flaws { get; init; }

    /// <summary>Copies in which one frame goes bad.</summary>
    public int Damages { get; init; }

    /// <summary>Appends and proposals that are carried out and answered "unknown".</summary>
    public int LostAnswers { get; init; }

    /// <summary>Stores that forget everything.</summary>
    public int Losses { get; init; }

    /// <summary>How often an owner is asked to trim a closed segment and all before it.</summary>
    public int Trims { get; init; }

    /// <summary>
    /// The blobs of a segment come into being one by one, at any time: one may open while a store still lacks it.
    /// </summary>
    public bool CreatesLazily { get; init; }

    /// <summary>Stores' names do not matter; they do where copies are spoilt (<see cref="LogSymmetry"/>).</summary>
    public bool HasSymmetry => IsReduced && !IsSpoilt;

    /// <summary>What lies on a store may change without anybody's doing.</summary>
    public bool IsSpoilt => Damages + Losses > 0;

    /// <summary>States that differ in nothing that matters count once; false: only equal ones do.</summary>
    public bool IsReduced { get; init; } = true;

    /// <summary>On how many stores the first event is when the search begins; null: it is not sent yet.</summary>
    public int? Delivered { get; init; }

    /// <summary>
    /// When the search begins, the first owner's appends are all still under way, while the second has taken over, had
    /// an event acknowledged, rolled, and trimmed what came before.
    /// </summary>
    public bool HasZombie { get; init; }

    /// <summary>Frames a segment has before it is rolled.</summary>
    public int RollFrames { get; init; } = int.MaxValue;

    /// <summary>No time passes in a world: what waits for a clock does not happen, retries happen at once.</summary>
    public LogOptions Log => new()
    {
        RollFrames = RollFrames,
        RetryTicks = 0,
        MaxRetryTicks = 0,
        RecoveryAttempts = IsSpoilt ? 2 : 1,
        MaxLagTicks = Never,
        MaxQueueTicks = Never,
        CommitIdleTicks = Never,
        CreateGraceTicks = CreatesLazily ? 0 : Never,
        CloseGraceTicks = 0,
        TakeBackTicks = Never,
        StallTicks = Never,
        OwnerCheckTicks = Never,
        WindowHandles = 8,
    };

    /// <summary>The bounds of the world: whatever happens in it happens so often at most, at any moment.</summary>
    public override string ToString()
    {
        List<string> bounds = [$"{Owners} owners", $"events {string.Join(' ', Events)}"];
        AddIf(Delivered is not null, $"the first begun on {Delivered} stores");
        AddIf(LaterEvents.Length > 0, $"{string.Join(' ', LaterEvents)} to later owners");
        AddIf(RollFrames < int.MaxValue, $"rolls after {RollFrames} frames");
        AddIf(HasZombie, "the first owner sleeps through a trim");
        AddIf(Trims > 0, $"{Trims} trim");
        AddIf(CreatesLazily, "lazy creation");
        AddIf(LostAnswers > 0, $"{LostAnswers} lost answer");
        AddIf(Damages > 0, $"{Damages} bad copy");
        AddIf(Losses > 0, $"{Losses} store forgets");
        AddIf(Flaws != LogFlaws.None, $"flaw {Flaws}");
        AddIf(!IsReduced, "not reduced");
        return string.Join(", ", bounds);

        void AddIf(bool holds, string bound)
        {
            if (holds)
            {
                bounds.Add(bound);
            }
        }
    }
}
