using System.Collections.Concurrent;
using Pipeline.Definitions;
using Pipeline.Ingestion;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Http.Events;

/// <summary>Keeps what ingestion needs of each stream, until its definition changes.</summary>
internal sealed class IngestTargets
{
    private readonly ConcurrentDictionary<StreamName, Known> _targets = new();

    public IngestTarget Of(IStream stream)
    {
        if (_targets.TryGetValue(stream.Name, out var known)
            && ReferenceEquals(known.Stream, stream) && ReferenceEquals(known.Definition, stream.Definition))
        {
            return known.Target;
        }

        var target = StreamTargets.Of(stream);
        _targets[stream.Name] = new Known(stream, stream.Definition, target);
        return target;
    }

    private sealed record Known(IStream Stream, StreamDefinition Definition, IngestTarget Target);
}
