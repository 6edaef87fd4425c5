namespace Pipeline.TestKit.Sinks;

/// <summary>What a sink under test writes to: the real thing, which can be taken away and brought back.</summary>
public interface ISinkPlace
{
    /// <summary>The sink's fields beside <c>from</c>, in braces of YAML.</summary>
    string Yaml { get; }

    /// <summary>The numbers of the events that it holds, in the order in which they were written.</summary>
    Task<IReadOnlyList<long>> NumbersAsync();

    /// <summary>Ends it as kill -9 does.</summary>
    Task StopAsync();

    /// <summary>Brings it back with what it held.</summary>
    Task StartAgainAsync();
}
