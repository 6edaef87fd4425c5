using Pipeline.Processing.Instances;

namespace Pipeline.TestKit.Sinks;

/// <summary>A host that runs a pipeline over stores of its own, and can be dropped at any moment.</summary>
public interface ISinkHost : IAsyncDisposable
{
    /// <summary>Starts it over its stores; what ran before is dropped first, as by kill -9.</summary>
    Task StartAsync();

    /// <summary>Applies a definition; fails the test where it is refused.</summary>
    Task ApplyAsync(string text);

    /// <summary>
    /// Appends events to the first partition of a stream until they are durable; once for one handle.
    /// </summary>
    Task AppendAsync(string stream, string handle, IReadOnlyList<string> values);

    /// <summary>Waits until what is said of the sink's only instance holds.</summary>
    Task UntilAsync(Func<StageInstanceStatus, bool> look);

    /// <summary>The pipeline's dead letters, as JSON.</summary>
    Task<IReadOnlyList<string>> LettersAsync();
}
