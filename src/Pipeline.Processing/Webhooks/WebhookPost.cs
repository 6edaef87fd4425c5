using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Pipeline.Definitions;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Webhooks;

/// <summary>
/// POSTs events over connections of its own. Every address is looked at when it is connected to, so that no name leads
/// to a private one later; redirects and proxies, which would lead around that, are not followed.
/// </summary>
internal sealed class WebhookPost : IWebhookPost, IDisposable
{
    private const int MostSaid = 300;
    private const int MostRead = 4_096;
    private static readonly TimeSpan TextTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionAge = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly WebhookSinkDefinition _sink;
    private readonly WebhookHosts _hosts;
    private readonly WebhookIdentity _identity;
    private readonly TimeProvider _time;
    private readonly WebhookSecrets _secrets;
    private readonly HttpClient _client;

    public WebhookPost(WebhookSinkDefinition sink, WebhookHosts hosts, WebhookIdentity identity, TimeProvider time)
    {
        (_sink, _hosts, _identity, _time) = (sink, hosts, identity, time);
        _secrets = new WebhookSecrets(sink);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            ConnectCallback = ConnectAsync,
            MaxConnectionsPerServer = sink.Concurrency,
            PooledConnectionLifetime = ConnectionAge,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<WebhookAnswer> SendAsync(SinkRow row, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_sink.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(row);
            using var answer = await _client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return answer.IsSuccessStatusCode
                ? new WebhookAnswer(WebhookVerdict.Delivered)
                : Judge(answer, await SaidAsync(answer, cancellationToken));
        }
        catch (Exception error) when ((error.InnerException ?? error) is PrivateAddressException)
        {
            return Failure($"'url' {WebhookHosts.Refusal}", needsPerson: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failure(limit.IsCancellationRequested
                ? $"no answer within {_sink.Timeout.TotalSeconds:0.###} s"
                : $"no connection within {ConnectTimeout.TotalSeconds} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
        {
            return Failure(_secrets.Hide((error.InnerException ?? error).Message));
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(SinkRow row)
    {
        var body = WebhookBody.Of(row, _sink.Format, _identity);
        var request = new HttpRequestMessage(HttpMethod.Post, _sink.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(
            _sink.Format == WebhookFormat.Json ? WebhookBody.JsonType : WebhookBody.CloudEventType);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", _identity.KeyOf(row));
        foreach (var (name, value) in _sink.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "pipeline");
        }

        if (_sink.Secret is { } secret)
        {
            request.Headers.TryAddWithoutValidation(WebhookSignature.Header, WebhookSignature.Of(body, secret));
        }

        return request;
    }

    /// <summary>
    /// What may be because of the event itself refuses it; what is because of the URL or its rights needs a person; all
    /// else passes. 409: a request under the same key is under way, as the draft on that header has it.
    /// </summary>
    private WebhookAnswer Judge(HttpResponseMessage answer, string said)
    {
        var status = (int)answer.StatusCode;
        var reason = $"it answered {status}{said}";
        return answer.StatusCode switch
        {
            HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or (HttpStatusCode)425
                => Failure(reason, isAnswer: true, wait: Wait(answer)),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                => Failure(reason, wait: Wait(answer)),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity
                => new WebhookAnswer(WebhookVerdict.Refused, $"The target answered {status}{said}"),
            _ when status >= 500 => Failure(reason, isAnswer: true, wait: Wait(answer)),
            _ when status is >= 300 and < 400
                => Failure($"{reason}: redirects are not followed, give the last URL", needsPerson: true),
            _ => Failure(reason, needsPerson: true),
        };
    }

    private static WebhookAnswer Failure(
        string reason, bool needsPerson = false, bool isAnswer = false, TimeSpan? wait = null) =>
        new(WebhookVerdict.Failed, reason, needsPerson, isAnswer, wait);

    private TimeSpan? Wait(HttpResponseMessage answer)
    {
        var wait = answer.Headers.RetryAfter?.Delta
            ?? (answer.Headers.RetryAfter?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait is not { Ticks: > 0 } some ? null : some < LongestWait ? some : LongestWait;
    }

    /// <summary>The beginning of what it said, on one line; what it is, the status has said already.</summary>
    private async Task<string> SaidAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TextTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var bytes = new byte[MostRead];
        var length = 0;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(both.Token);
            for (var read = 1; length < bytes.Length && read > 0; length += read)
            {
                read = await body.ReadAsync(bytes.AsMemory(length), both.Token);
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException
            || (error is OperationCanceledException && limit.IsCancellationRequested))
        {
            // What came is enough.
        }

        var text = new string([.. Encoding.UTF8.GetString(bytes, 0, length)
            .Select(static c => char.IsControl(c) || char.IsWhiteSpace(c) ? ' ' : c)]).Trim();

        // The end may be the beginning of something that is hidden.
        text = length < bytes.Length ? text : text[..Math.Max(0, text.Length - _secrets.Longest)];
        text = _secrets.Hide(text);
        return text.Length == 0 ? "" : text.Length > MostSaid ? $": {text[..MostSaid]}…" : $": {text}";
    }

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var to = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(to.Host, cancellationToken);
        var allowed = addresses.Where(address => _hosts.Allows(_sink.Url.Host, to.Port, address)).ToArray();
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new PrivateAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class PrivateAddressException : Exception;
}
