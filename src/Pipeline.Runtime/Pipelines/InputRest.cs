using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Since when an instance has read nothing new, as somebody sees it who looks from time to time. While its process says
/// nothing, from one look to the next, no time goes by: it may just not run, and events wait before it.
/// </summary>
/// <param name="Cursor">Where it is.</param>
/// <param name="Since">When that was first seen, in ticks of who looks.</param>
internal readonly record struct InputRest(long Cursor, long Since)
{
    /// <summary>Whether it had moved, or was not known, at this look.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Ticks since the look before that do not count.</summary>
    public long Skipped { get; private init; }

    private long At { get; init; }

    /// <summary>When its process had last said how it is.</summary>
    private long? Reported { get; init; }

    private bool IsMute { get; init; }

    /// <summary>What is known after a look; null: nothing was known before it.</summary>
    public static InputRest Look(InputRest? before, StageInstanceStatus status, long now)
    {
        if (before is not { } known || known.Cursor != status.Cursor)
        {
            return new InputRest(status.Cursor, now) { IsNew = true, At = now, Reported = status.Reported };
        }

        var isMute = known.Reported == status.Reported;
        var skipped = known.IsMute && isMute ? now - known.At : 0;
        return new InputRest(known.Cursor, known.Since + skipped)
        {
            Skipped = skipped,
            At = now,
            Reported = status.Reported,
            IsMute = isMute,
        };
    }
}
