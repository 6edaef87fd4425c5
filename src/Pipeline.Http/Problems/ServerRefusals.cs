using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Pipeline.Http.Seats;

namespace Pipeline.Http.Problems;

/// <summary>
/// Gives a problem to what the server refuses before the application sees it: a request line or headers that are wrong
/// or too long. The server tells it as an event of its diagnostics, before it answers without a body.
/// </summary>
internal sealed class ServerRefusals : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private readonly IDisposable _subscription;

    private readonly TimeProvider _time;

    /// <summary>Other events stay switched off: they would cost something for each request.</summary>
    public ServerRefusals(DiagnosticListener listener, TimeProvider time)
    {
        _time = time;
        _subscription = listener.Subscribe(this, static name => name == Event);
    }

    public static Problem Of(int status, string detail) => status switch
    {
        408 => Problem.TooSlow(detail),
        413 => Problem.TooLarge(detail),
        414 => new Problem(414, "uri-too-long", "The address is too long", detail),
        431 => new Problem(431, "headers-too-large", "The headers are too large", detail),
        505 => new Problem(505, "version-not-supported", "This version of HTTP is not supported", detail),
        _ => Problem.Malformed(detail) with { Status = status },
    };

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // A response that has begun goes on; where the server encrypts, plain bytes would be no answer.
        if (value.Value is IFeatureCollection features
            && features.Get<IHttpResponseFeature>() is { HasStarted: false }
            && features.Get<ITlsHandshakeFeature>() is null
            && features.Get<ConnectionSeat>()?.Output is { } output
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException refusal)
        {
            output.Refuse(Answer(Of(refusal.StatusCode, refusal.Message)));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription.Dispose();

    private byte[] Answer(Problem problem)
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            ProblemWriter.Write(json, problem);
        }

        var headers = new HeaderDictionary
        {
            ["Content-Type"] = Problem.MediaType,
            ["Content-Length"] = body.Length.ToString(CultureInfo.InvariantCulture),
            ["Connection"] = "close",
            ["Date"] = _time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture),
        };
        BrowserHeaders.Set(headers);
        var head = new StringBuilder($"HTTP/1.1 {problem.Status} {ReasonPhrases.GetReasonPhrase(problem.Status)}\r\n");
        foreach (var (name, header) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {header}\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body.ToArray()];
    }
}
