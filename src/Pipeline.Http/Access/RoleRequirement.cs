using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Access;

/// <summary>
/// The caller must have the role, or have it for the stream that the request names. <see cref="AnyStream"/>: for any
/// stream at all will do; the answer then shows those alone.
/// </summary>
internal sealed class RoleRequirement(string role, bool anyStream)
    : AuthorizationHandler<RoleRequirement>, IAuthorizationRequirement
{
    public string Role => role;

    public bool AnyStream => anyStream;

    /// <summary>Whether a caller may do it with a stream; null: with everything.</summary>
    public static bool Has(ClaimsPrincipal user, string role, string? stream) =>
        user.IsInRole(role) || (stream is not null && user.IsInRole($"{role}:{stream}"));

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        var stream = (context.Resource as HttpContext)?.Request.RouteValues["stream"] as string;
        if (Has(context.User, role, stream) || (anyStream && HasAny(context.User)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool HasAny(ClaimsPrincipal user) => user.Identities.Any(identity => identity.Claims.Any(claim =>
        claim.Type == identity.RoleClaimType && claim.Value.StartsWith(role + ":", StringComparison.Ordinal)));
}
