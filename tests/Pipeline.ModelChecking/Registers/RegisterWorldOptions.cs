using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>What happens in a register world, and how often at most.</summary>
internal sealed record RegisterWorldOptions
{
    public const int Quorum = 2;

    /// <summary>
    /// A proposer a string, an operation a character: a letter adds itself to the value, '?' reads, '=' is an identity
    /// round, '0' to '2' have that store rejoin, '!' is a restart of the process under the same id.
    /// </summary>
    public required string[] Scripts { get; init; }

    public RegisterRules Rules { get; init; } = RegisterRules.All;

    /// <summary>Ids of the proposers; higher ones win ties.</summary>
    public ulong[] Ids { get; init; } = [1, 2, 3];

    /// <summary>Where a proposer begins: rounds below were used.</summary>
    public long[] RoundFloors { get; init; } = [0, 0, 0];

    /// <summary>How often proposers that were outbid try again.</summary>
    public int Retries { get; init; }

    /// <summary>Puts that are carried out and answered "unknown".</summary>
    public int LostAnswers { get; init; }

    /// <summary>Puts answered "unknown" that may still be carried out later.</summary>
    public int LateRequests { get; init; }

    /// <summary>Answers that are on their way while other things happen.</summary>
    public int HeldAnswers { get; init; }

    /// <summary>Register blobs that vanish.</summary>
    public int Losses { get; init; }

    /// <summary>The only store that loses its blob; null: any.</summary>
    public int? LosingStore { get; init; }

    /// <summary>Register blobs that are damaged.</summary>
    public int Damages { get; init; }

    /// <summary>What has happened already when the search begins.</summary>
    public RegisterAction[] Prelude { get; init; } = [];

    /// <summary>Proposers whose first operation is over before the world begins, with no message under way.</summary>
    public int Settled { get; init; }
}
