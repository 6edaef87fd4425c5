using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Deduplicating;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>The answer to give once its frame is committed.</summary>
internal readonly record struct PendingReply(QueuedPart Part, Decision Decision, LogOffset First);
