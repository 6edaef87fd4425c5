using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>How many faults of each kind may still happen.</summary>
internal readonly record struct Budget(
    int LostAnswers, int LateRequests, int HeldAnswers, int Losses, int Damages, int Retries)
{
    public static Budget Of(RegisterWorldOptions options) => new(
        options.LostAnswers,
        options.LateRequests,
        options.HeldAnswers,
        options.Losses,
        options.Damages,
        options.Retries);

    public void Encode(ref StateEncoder to)
    {
        to.Write((byte)LostAnswers);
        to.Write((byte)LateRequests);
        to.Write((byte)HeldAnswers);
        to.Write((byte)((Losses << 6) | (Damages << 4) | Retries));
    }
}
