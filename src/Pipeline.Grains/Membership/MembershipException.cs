using System.Data.Common;

namespace Pipeline.Grains.Membership;

/// <summary>The database of the membership refuses what waiting does not cure; the message says what to do.</summary>
public sealed class MembershipException(string message, Exception fault) : Exception(message, fault)
{
    /// <summary>States of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html</summary>
    public static MembershipException Of(DbException fault) => new(
        fault.SqlState switch
        {
            "42P01" or "42883" =>
                "The database has no membership tables yet: run `Pipeline.Silo migrate` with the same settings once.",
            "42501" => $"The database's user may not use the membership tables ({fault.Message}): grant it the rights, "
                + "or run as the user that ran `Pipeline.Silo migrate`.",
            "3D000" => $"The membership database does not exist ({fault.Message}): create it, then run "
                + "`Pipeline.Silo migrate`.",
            { } state when state.StartsWith("28", StringComparison.Ordinal) =>
                $"The membership database refuses the login ({fault.Message}): look at user and password in "
                + "ConnectionStrings.",
            _ => $"The membership database refuses: {fault.Message}",
        },
        fault);
}
