using Microsoft.Extensions.Logging;

namespace Pipeline.Grains.Membership;

/// <summary>What <see cref="MembershipWait"/> logs.</summary>
internal static partial class MembershipWaitLog
{
    [LoggerMessage(LogLevel.Warning, "The database of the membership does not answer; trying again: {Reason}")]
    public static partial void LogAway(this ILogger logger, string reason);
}
