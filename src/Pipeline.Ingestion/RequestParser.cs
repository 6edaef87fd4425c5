using System.Security.Cryptography;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>Body → events → parts; synchronous, on the caller's thread, nothing sent anywhere yet.</summary>
internal static class RequestParser
{
    /// <summary>The request's parts, or the refusal that names its mistakes.</summary>
    public static IngestOutcome? TryParse(
        IngestRequest request, SpreadSource spread, TraceContext trace, out List<IngestPart> parts)
    {
        parts = [];
        using var events = new EventList(request.Body, request.Target.Limits);
        var home = HomeOf(request);
        Read(request, events, new EventRouter(events, RoutingOf(request, home, spread)));
        if (events.Errors.Count > 0)
        {
            return Refusal(events.Errors);
        }

        if (events.Count == 0)
        {
            return IngestOutcome.Refuse(IngestProblem.Malformed, "The body holds no event.");
        }

        var template = new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = request.HandleKind,
            Handle = request.Handle.Id,
            Sequence = request.Handle.Sequence,
            Body = home is null ? default : HashBody(request),
            Previous = Origin.None,
            Last = Origin.None,
        };
        parts = new PartBuilder(events, template, home, request.Target.Partitions.Count, trace).Build();
        return null;
    }

    private static void Read(IngestRequest request, EventList events, EventRouter router)
    {
        switch (request.Format)
        {
            case BodyFormat.Ndjson:
                NdjsonBody.Read(events, router);
                break;
            case BodyFormat.Json:
                JsonBody.Read(events, router);
                break;
            case BodyFormat.CloudEventBinary:
                CloudEventBody.ReadBinary(events, router, request.CloudEvent!);
                break;
            default:
                CloudEventBody.Read(events, router, request.Format == BodyFormat.CloudEventBatch);
                break;
        }
    }

    private static int? HomeOf(IngestRequest request) => request.HandleKind is HandleKind.Key or HandleKind.Producer
        ? KeySlot.Of(request.Handle.Id).Partition(request.Target.Partitions.Count)
        : null;

    private static Routing RoutingOf(IngestRequest request, int? home, SpreadSource spread) => new()
    {
        Partitions = request.Target.Partitions.Count,
        Path = request.Target.Key,
        KeyHash = request.Target.KeyHash,
        Key = request.Key,
        SpreadsMissing = request.Target.SpreadsMissing,
        SpreadPartition = home ?? spread.Next(request.Target.Partitions.Count),
    };

    private static IngestOutcome Refusal(IReadOnlyList<IngestError> errors)
    {
        var problem = errors.Min(e => e.Problem);
        var first = errors.First(e => e.Problem == problem);
        return new IngestOutcome
        {
            Problem = problem,
            Detail = $"Line {first.Line}: {first.Reason}.",
            Errors = errors,
        };
    }

    /// <summary>What must be the same when a handle comes again: the format, the Event-Key and the body.</summary>
    private static Hash128 HashBody(IngestRequest request)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var key = request.Key ?? default;
        sha.AppendData([(byte)request.Format, request.Key is null ? (byte)0 : (byte)1]);
        sha.AppendData(BitConverter.GetBytes(key.Length));
        sha.AppendData(key.Span);
        sha.AppendData(request.Body.Span);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        return Hash128.Read(hash);
    }
}
