using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Pipeline.Http.Access;

/// <summary>Tokens of an issuer: signed by a key it publishes, made out to this service, not expired.</summary>
internal static class TokenScheme
{
    public const string Name = "token";

    /// <summary>An issuer that did not answer, or that has changed its keys, is asked again this soon.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    public static void Configure(JwtBearerOptions bearer, AccessOptions access)
    {
        bearer.Authority = access.Authority!.ToString();
        bearer.Audience = access.Audience;
        bearer.RequireHttpsMetadata = !ListenUrl.IsLoopback(access.Authority);
        bearer.RefreshInterval = Refresh;
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters.NameClaimType = "sub";
        bearer.TokenValidationParameters.RoleClaimType = access.RolesClaim;
        bearer.Events = new JwtBearerEvents { OnAuthenticationFailed = FailAsync };
    }

    /// <summary>
    /// Says why in one sentence; and whether the issuer could not be asked, so that a client tries again rather than
    /// believing its token to be bad.
    /// </summary>
    private static async Task FailAsync(AuthenticationFailedContext context)
    {
        try
        {
            await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            context.Fail(new IssuerUnavailableException());
            return;
        }

        context.Fail(context.Exception switch
        {
            SecurityTokenExpiredException => "The token has expired.",
            SecurityTokenNotYetValidException => "The token is not valid yet.",
            SecurityTokenInvalidAudienceException => "The token is made out to another audience.",
            SecurityTokenInvalidIssuerException => "The token is of another issuer.",
            _ => "This is no token that the issuer signed.",
        });
    }
}
