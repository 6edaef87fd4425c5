using System.Diagnostics.CodeAnalysis;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Monitoring;

/// <summary>The engine of a host, for those who watch it: of one that does not run there is nothing to see.</summary>
internal sealed class WatchedEngine(IEngine engine)
{
    public IEngine Engine => engine;

    /// <summary>Whether the host has done what it does at start; until then /health says no.</summary>
    public bool IsHostReady { get; set; }

    public bool TryGetStreams([NotNullWhen(true)] out IStreams? streams)
    {
        streams = engine.State == EngineState.Running ? engine.Streams : null;
        return streams is not null;
    }

    public bool TryGetPipelines([NotNullWhen(true)] out IPipelines? pipelines)
    {
        pipelines = engine.State == EngineState.Running ? engine.Pipelines : null;
        return pipelines is not null;
    }
}
