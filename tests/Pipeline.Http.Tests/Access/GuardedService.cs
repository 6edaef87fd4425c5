using System.Net.Http.Headers;
using Pipeline.Http.Access;
using Pipeline.Http.Tests.Service;
using Pipeline.TestKit.HttpContract;
using Xunit;

namespace Pipeline.Http.Tests.Access;

/// <summary>A service that holders of keys, and of tokens of a local issuer, may use.</summary>
public sealed class GuardedService : IAsyncLifetime
{
    private static readonly string All = Keys.New();

    public string Producer { get; } = Keys.New();

    public string Reader { get; } = Keys.New();

    public string Operator { get; } = Keys.New();

    /// <summary>Reads and writes the stream "plain" alone.</summary>
    public string OfPlain { get; } = Keys.New();

    internal TokenIssuer Issuer { get; } = new();

    internal RunningService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Issuer.StartAsync();
        Service = new RunningService
        {
            Key = All,
            Access = new AccessOptions
            {
                Keys =
                [
                    Keys.Of("all", All, AccessRoles.Producer, AccessRoles.Reader, AccessRoles.Operator),
                    Keys.Of("sensors", Producer, AccessRoles.Producer),
                    Keys.Of("board", Reader, AccessRoles.Reader),
                    Keys.Of("deploy", Operator, AccessRoles.Operator),
                    Keys.Of("plain", OfPlain, "producer:plain", "reader:plain"),
                ],
                Authority = Issuer.Address,
                Audience = TokenIssuer.Audience,
            },
        };
        await Service.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>Sends a request with this Authorization header; null: "Basic", which says nothing here.</summary>
    public Task<Reply> SendAsync(string method, string path, string? credential)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Headers =
            {
                Authorization = credential is null
                    ? new AuthenticationHeaderValue("Basic", "eDp5")
                    : new AuthenticationHeaderValue("Bearer", credential),
            },
        };
        if (method is "POST" or "PUT")
        {
            request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        }

        return Service.SendAsync(request);
    }
}
