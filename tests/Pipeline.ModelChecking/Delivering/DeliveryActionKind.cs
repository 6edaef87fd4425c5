namespace Pipeline.ModelChecking.Delivering;

internal enum DeliveryActionKind
{
    /// <summary>A process takes the checkpoint over and opens the targets.</summary>
    Start,

    /// <summary>It reads the next block.</summary>
    Read,

    /// <summary>It has read, and looks for what is due.</summary>
    Look,

    /// <summary>Time goes on until it wants to be woken.</summary>
    Wake,

    /// <summary>What is under way to a target is carried out and answered.</summary>
    Answer,

    /// <summary>It is carried out, and the answer is lost.</summary>
    Lose,

    /// <summary>It is lost.</summary>
    Drop,

    /// <summary>The checkpoint is carried out and answered.</summary>
    Write,

    /// <summary>It is carried out, and no majority's answer comes.</summary>
    LoseWrite,

    /// <summary>It is lost.</summary>
    DropWrite,
}

/// <summary>One thing that can happen, as a number.</summary>
internal readonly record struct DeliveryAction(DeliveryActionKind Kind, int Process, int Outlet)
{
    public int Code => (int)Kind | (Process << 8) | (Outlet << 16);

    public static DeliveryAction Of(int code) =>
        new((DeliveryActionKind)(code & 0xFF), (code >> 8) & 0xFF, code >> 16);
}
