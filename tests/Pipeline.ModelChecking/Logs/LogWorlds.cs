namespace Pipeline.ModelChecking.Logs;

/// <summary>The worlds that are searched to the end. In all of them owners stop for good at any step.</summary>
internal static class LogWorlds
{
    public static LogWorldOptions Successor { get; } = new() { Events = [1] };

    public static LogWorldOptions SentAgain { get; } = new() { Events = [1], LaterEvents = [1] };

    public static LogWorldOptions Repeated { get; } = new() { Events = [1, 2, 2] };

    public static LogWorldOptions TwoSuccessors { get; } = new() { Events = [1], LaterEvents = [1], Owners = 3 };

    public static LogWorldOptions LostAnswer { get; } = new() { Events = [1], Owners = 3, LostAnswers = 1 };

    public static LogWorldOptions Lazy { get; } = SentAgain with { CreatesLazily = true };

    public static LogWorldOptions LazyTwoSuccessors { get; } = new()
    {
        Events = [1],
        Delivered = 2,
        Owners = 3,
        CreatesLazily = true,
    };

    public static LogWorldOptions Rolling { get; } = new() { Events = [1, 2, 3], RollFrames = 2 };

    public static LogWorldOptions Trimming { get; } = new()
    {
        Events = [1, 2],
        LaterEvents = [1],
        RollFrames = 2,
        Trims = 1,
    };

    public static LogWorldOptions TrimmingTwoSuccessors { get; } = new()
    {
        Events = [1],
        Delivered = 2,
        Owners = 3,
        RollFrames = 2,
        Trims = 1,
    };

    public static LogWorldOptions Damaged { get; } = new() { Events = [1], Owners = 3, Damages = 1 };

    public static LogWorldOptions DamagedLostAnswer { get; } = SentAgain with { Damages = 1, LostAnswers = 1 };

    public static LogWorldOptions DamagedTrimming { get; } = new()
    {
        Events = [1],
        Delivered = 1,
        RollFrames = 2,
        Trims = 1,
        Damages = 1,
    };

    public static LogWorldOptions Zombie { get; } = new()
    {
        Events = [1],
        LaterEvents = [9],
        RollFrames = 2,
        HasZombie = true,
    };
}
