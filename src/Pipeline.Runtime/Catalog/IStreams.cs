using System.Diagnostics.CodeAnalysis;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Catalog;

/// <summary>The streams of the catalog that this host serves. Safe to use from any thread.</summary>
public interface IStreams
{
    /// <summary>A snapshot, by name.</summary>
    IReadOnlyList<IStream> List();

    /// <summary>The same and the outputs that are not kept now, with what they hold from before.</summary>
    IReadOnlyList<IStream> ListAll() => List();

    bool TryGet(StreamName name, [NotNullWhen(true)] out IStream? stream);

    /// <summary>
    /// Whether this is the output of a fused stage that is not kept as a stream (404 <c>not-materialized</c>).
    /// </summary>
    bool IsNotMaterialized(StreamName name);
}
