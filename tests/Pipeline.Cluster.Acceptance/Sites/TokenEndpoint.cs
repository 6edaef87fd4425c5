using System.Net;
using System.Text;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>
/// What a process with a managed identity asks for tokens on Container Apps: an address and a secret header, both from
/// its environment. This one gives always the same token, for the database alone.
/// </summary>
internal sealed class TokenEndpoint : IDisposable
{
    private const string Secret = "header-of-the-platform";
    private const string Resource = "https://ossrdbms-aad.database.windows.net";

    private readonly HttpListener _listener = new();
    private readonly string _token;
    private int _given;

    public TokenEndpoint(string token)
    {
        _token = token;
        Address = $"http://127.0.0.1:{Ports.Free()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    private string Address { get; }

    /// <summary>The environment of a process that has the identity, as arguments of env.</summary>
    public IReadOnlyList<string> Variables => [$"IDENTITY_ENDPOINT={Address}msi/token", $"IDENTITY_HEADER={Secret}"];

    /// <summary>How many tokens it gave.</summary>
    public int Given => Volatile.Read(ref _given);

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var isRight = context.Request.Headers["X-IDENTITY-HEADER"] == Secret
            && context.Request.QueryString["resource"]?.TrimEnd('/') == Resource;
        context.Response.StatusCode = isRight ? 200 : 400;
        if (isRight)
        {
            Interlocked.Increment(ref _given);
            var expires = DateTimeOffset.UtcNow.AddHours(24).ToUnixTimeSeconds();
            context.Response.ContentType = "application/json";
            context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(
                $$"""{"access_token":"{{_token}}","expires_on":"{{expires}}","resource":"{{Resource}}","""
                + "\"token_type\":\"Bearer\"}"));
        }

        context.Response.Close();
    }
}
