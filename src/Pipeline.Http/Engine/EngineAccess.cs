using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pipeline.Backups.Service;
using Pipeline.Http.Problems;
using Pipeline.Kernel.Identity;
using Pipeline.Monitoring;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Engine;

/// <summary>What endpoints may ask of the engine: nothing before it runs, nothing after it ended.</summary>
internal sealed class EngineAccess(IEngine engine)
{
    public IEngine Engine => engine;

    /// <summary>The same, for those who watch it.</summary>
    public WatchedEngine Watched { get; } = new(engine);

    /// <summary>Whether the host has done what it does at start; until then /health says no.</summary>
    public bool IsHostReady => Watched.IsHostReady;

    /// <summary>
    /// Before a request that shows something, or names a stream unknown here: asks for what other processes know of it.
    /// Events of a stream that is known are its partitions' alone to give and to take; where its "earliest" and
    /// "latest" are, they are asked as well.
    /// </summary>
    public ValueTask RefreshAsync(HttpContext context) =>
        engine.State == EngineState.Running && Question(context.Request) is { } about
            ? engine.RefreshAsync(about, context.RequestAborted)
            : ValueTask.CompletedTask;

    public bool TryGetStreams([NotNullWhen(true)] out IStreams? streams, [NotNullWhen(false)] out Problem? problem)
    {
        problem = Refusal();
        streams = problem is null ? engine.Streams : null;
        return streams is not null;
    }

    public bool TryGetPipelines(
        [NotNullWhen(true)] out IPipelines? pipelines, [NotNullWhen(false)] out Problem? problem)
    {
        problem = Refusal();
        pipelines = problem is null ? engine.Pipelines : null;
        return pipelines is not null;
    }

    public bool TryGetBackups([NotNullWhen(true)] out IBackups? backups, [NotNullWhen(false)] out Problem? problem)
    {
        problem = Refusal();
        backups = problem is null ? engine.Backups : null;
        return backups is not null;
    }

    public bool TryGetStream(
        string name, [NotNullWhen(true)] out IStream? stream, [NotNullWhen(false)] out Problem? problem)
    {
        stream = null;
        if (!TryGetStreams(out var streams, out problem))
        {
            return false;
        }

        if (streams.TryGet(new StreamName(name), out stream))
        {
            problem = null;
            return true;
        }

        problem = streams.IsNotMaterialized(new StreamName(name))
            ? Problem.NotMaterialized(name)
            : Problem.StreamNotFound(name);
        return false;
    }

    /// <summary>Null: nothing that another process must be asked for first.</summary>
    private EngineQuestion? Question(HttpRequest request)
    {
        var isShown = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (request.RouteValues["stream"] is string name)
        {
            var stream = new StreamName(name);
            var isKnown = engine.Streams.TryGet(stream, out _);
            var isEvents = request.Path.Value!.EndsWith("/events", StringComparison.Ordinal);
            return isShown && (!isEvents || (isKnown && !BeginsAtOffset(request)))
                ? EngineQuestion.OfStream(stream)
                : isKnown ? null : EngineQuestion.Catalog;
        }

        return !isShown ? null
            : request.Path.StartsWithSegments("/v1/pipelines")
                ? EngineQuestion.OfPipelines(request.RouteValues["pipeline"] as string)
            : request.Path.StartsWithSegments("/v1") ? EngineQuestion.Catalog
            : null;
    }

    /// <summary>Only an offset says where to begin; a stream's ends are as its partitions have them.</summary>
    private static bool BeginsAtOffset(HttpRequest request) =>
        long.TryParse(request.Query["from"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private Problem? Refusal() => engine.State switch
    {
        EngineState.Running => null,
        EngineState.Fenced => Problem.NotAppended("Another process has taken over this data."),
        EngineState.Stopped => Problem.NotAppended("This process is stopping."),
        _ => Problem.NotAppended($"The engine is not ready: {engine.Health.Detail ?? "starting"}."),
    };
}
