using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Access;

/// <summary>Gives a refused request its problem and its challenge (RFC 6750).</summary>
internal sealed class AccessRefusal : IAuthorizationMiddlewareResultHandler
{
    private const string Challenge = "Bearer realm=\"pipeline\"";

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result) =>
        result.Succeeded ? next(context) : RefuseAsync(context, policy, result);

    private static async Task RefuseAsync(
        HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        // The scheme's handler remembers what it found for this request.
        var failure = (await context.AuthenticateAsync()).Failure;
        if (failure is IssuerUnavailableException)
        {
            await ProblemWriter.WriteAsync(context, Problem.Unavailable(failure.Message));
            return;
        }

        context.Response.Headers.WWWAuthenticate = result.Forbidden ? $"{Challenge}, error=\"insufficient_scope\""
            : failure is not null ? $"{Challenge}, error=\"invalid_token\""
            : Challenge;
        await ProblemWriter.WriteAsync(context, result.Forbidden ? Forbidden(context, policy) : Unknown(failure));
    }

    private static Problem Unknown(Exception? failure) => new(
        401, "unauthenticated", "Say who you are",
        failure?.Message ?? "Send a key or a token: Authorization: Bearer <key>.");

    private static Problem Forbidden(HttpContext context, AuthorizationPolicy policy)
    {
        var role = policy.Requirements.OfType<RoleRequirement>().First().Role;
        var stream = context.Request.RouteValues["stream"] as string;
        var needed = stream is null ? $"'{role}'" : $"'{role}' or '{role}:{stream}'";
        return new Problem(
            403, "forbidden", "This is not allowed to you",
            $"It needs the role {needed}, which {Caller(context)} does not have.");
    }

    private static string Caller(HttpContext context) =>
        context.User.Identity is { AuthenticationType: KeyRing.Scheme } key ? $"the key '{key.Name}'" : "the token";
}
