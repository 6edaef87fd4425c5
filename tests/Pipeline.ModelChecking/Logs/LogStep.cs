using Pipeline.Kernel.Logs;

namespace Pipeline.ModelChecking.Logs;

/// <summary>What comes of an owner's step.</summary>
/// <param name="Actor">The owner after it.</param>
/// <param name="Replies">What clients were told.</param>
internal sealed record LogStep(LogActor Actor, IReadOnlyList<LogEffect> Replies);
