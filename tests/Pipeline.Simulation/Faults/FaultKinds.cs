namespace Pipeline.Simulation.Faults;

/// <summary>The kinds of faults a world has.</summary>
[Flags]
public enum FaultKinds
{
    None = 0,
    Crash = 1 << 0,

    /// <summary>Crashes are twice as likely as anything else.</summary>
    CrashMore = 1 << 1,
    SecondProcess = 1 << 2,
    ProcessPause = 1 << 3,
    ClockJump = 1 << 4,
    SlowStore = 1 << 5,
    FrozenStore = 1 << 6,
    DownStore = 1 << 7,
    FullStore = 1 << 8,
    LostAnswers = 1 << 9,
    LostRequests = 1 << 10,
    LostStore = 1 << 11,
    DamagedBlob = 1 << 12,
    FailedSync = 1 << 13,

    /// <summary>What passes by itself.</summary>
    Passing = LostStore - 1,

    All = (FailedSync << 1) - 1,
}
