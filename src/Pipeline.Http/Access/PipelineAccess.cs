using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pipeline.Http.Api;

namespace Pipeline.Http.Access;

/// <summary>
/// Puts authentication and authorization into an application, where they are configured. Without AddAuthentication:
/// that brings data protection, which writes keys to the disk at start and which nothing here needs.
/// </summary>
internal static class PipelineAccess
{
    private const string Either = "either";

    public static void AddPipelineAccess(this IServiceCollection services, AccessOptions access)
    {
        services.AddSingleton(access);
        if (!access.IsConfigured)
        {
            return;
        }

        services.AddAuthenticationCore(schemes => schemes.DefaultScheme = access switch
        {
            { Authority: null } => KeyRing.Scheme,
            { Keys: [] } => TokenScheme.Name,
            _ => Either,
        });
        services.AddWebEncoders();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<KeyRing>();
        var builder = new AuthenticationBuilder(services);
        builder.AddScheme<AuthenticationSchemeOptions, KeyHandler>(KeyRing.Scheme, null);
        builder.AddPolicyScheme(Either, null, either => either.ForwardDefaultSelector =
            static context => Credential.IsToken(context.Request) ? TokenScheme.Name : KeyRing.Scheme);
        if (access.Authority is not null)
        {
            services.AddSingleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>();
            builder.AddScheme<JwtBearerOptions, JwtBearerHandler>(
                TokenScheme.Name, bearer => TokenScheme.Configure(bearer, access));
        }

        services.AddAuthorization();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusal>();
    }

    /// <summary>After routing, before the operations.</summary>
    public static void UsePipelineAccess(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<AccessOptions>();
        if (access.FrontDoor is { } id)
        {
            app.UseMiddleware<FrontDoorGate>(id);
        }

        if (access.IsConfigured)
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }
    }

    /// <summary>Lets only those in who have the operation's role, where authentication is configured.</summary>
    public static void Guard(
        this IEndpointConventionBuilder endpoint, ApiOperation operation, AccessOptions access)
    {
        if (access.IsConfigured && operation.Role is { } role)
        {
            endpoint.RequireAuthorization(new AuthorizationPolicyBuilder().RequireAuthenticatedUser()
                .AddRequirements(new RoleRequirement(role, operation.AnyStream)).Build());
        }
    }
}
