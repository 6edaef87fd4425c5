namespace Pipeline.ModelChecking.Registers;

internal enum RegisterActionKind
{
    Deliver,
    LoseAnswer,
    GoLate,
    Hold,
    Answer,
    Start,
    Resume,
    Lose,
    Damage,
    Land,
}

/// <summary>One thing that can happen, as a number. Land: the late request's index instead of an actor.</summary>
internal readonly record struct RegisterAction(RegisterActionKind Kind, int Actor, int Store = 0)
{
    public int Code => (int)Kind | (Actor << 8) | (Store << 16);

    public static RegisterAction Of(int code) =>
        new((RegisterActionKind)(code & 0xFF), (code >> 8) & 0xFF, code >> 16);
}
