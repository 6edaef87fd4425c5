using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Pipeline.Http.Access;

/// <summary>Lets in who presents a key of the ring.</summary>
internal sealed class KeyHandler(
    KeyRing ring, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private static readonly AuthenticateResult Unknown = AuthenticateResult.Fail("This key is not known here.");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Credential.Of(Request) is { } key ? ring.Find(key) ?? Unknown : AuthenticateResult.NoResult());
}
