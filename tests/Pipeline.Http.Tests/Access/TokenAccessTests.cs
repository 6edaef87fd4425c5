using System.Security.Cryptography;
using Pipeline.Http.Access;
using Pipeline.Http.Tests.Service;
using Pipeline.TestKit.HttpContract;
using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Http.Tests.Access;

/// <summary>What tokens of the issuer allow, and which are refused.</summary>
[Collection(AccessGroup.Name)]
public sealed class TokenAccessTests(GuardedService guarded)
{
    private TokenIssuer Issuer => guarded.Issuer;

    [Fact]
    public async Task A_token_allows_what_its_roles_say()
    {
        var token = Issuer.Token(["producer:plain", "reader", "of-another-application"]);
        Assert.Equal(200, (await guarded.SendAsync("POST", "v1/streams/plain/events", token)).Status);
        Assert.Equal(200, (await guarded.SendAsync("GET", "v1/streams", token)).Status);
        var reply = await guarded.SendAsync("POST", "v1/streams/one/events", token);
        Assert.Equal((403, "forbidden"), (reply.Status, reply.Problem));
        Assert.Contains("'producer:one', which the token does not have", reply.Body, StringComparison.Ordinal);
        Assert.Equal(403, (await guarded.SendAsync("GET", "v1/streams", Issuer.Token([]))).Status);
    }

    [Fact]
    public async Task A_token_that_is_not_right_is_refused_and_told_why()
    {
        using var thief = RSA.Create(2048);
        (string Token, string Reason)[] wrong =
        [
            (Issuer.Token(["reader"], minutes: -60), "has expired"),
            (Issuer.Token(["reader"], audience: "api://other"), "another audience"),
            (Issuer.Token(["reader"], audience: null), "another audience"),
            (Issuer.Token(["reader"], issuer: "https://evil.example/"), "another issuer"),
            (Issuer.Token(["reader"], signer: thief), "no token that the issuer signed"),
            ("e30.e30.", "no token that the issuer signed"),
            (WithoutSignature(Issuer.Token(["reader"])), "no token that the issuer signed"),
        ];
        foreach (var (token, reason) in wrong)
        {
            var reply = await guarded.SendAsync("GET", "v1/streams", token);
            Assert.Equal((401, "unauthenticated"), (reply.Status, reply.Problem));
            Assert.Contains(reason, reply.Body, StringComparison.Ordinal);
            Assert.Contains("invalid_token", reply.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task While_the_issuer_is_away_tokens_are_neither_good_nor_bad_and_keys_go_on()
    {
        await using var issuer = new TokenIssuer();
        await issuer.StartAsync();
        issuer.IsAway = true;
        var key = Keys.New();
        await using var service = new RunningService
        {
            Key = key,
            Access = new AccessOptions
            {
                Keys = [Keys.Of("all", key, AccessRoles.Producer, AccessRoles.Reader, AccessRoles.Operator)],
                Authority = issuer.Address,
                Audience = TokenIssuer.Audience,
            },
        };
        await service.InitializeAsync();
        async Task<Reply> SendAsync()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams");
            request.Headers.Add("Authorization", $"Bearer {issuer.Token(["reader"])}");
            return await service.SendAsync(request);
        }

        var away = await SendAsync();
        Assert.Equal((503, "unavailable"), (away.Status, away.Problem));
        Assert.NotNull(away.Headers.RetryAfter);
        Assert.Equal(200, (await service.GetAsync("v1/streams")).Status);
        issuer.IsAway = false;
        await Eventually.GetAsync(
            SendAsync, static reply => reply.Status == 200, TimeSpan.FromSeconds(60), "the issuer is back");
    }

    private static string WithoutSignature(string token) => token[..(token.LastIndexOf('.') + 1)];
}
