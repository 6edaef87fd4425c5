namespace Pipeline.Processing.Sinks;

/// <summary>How publishing a file ended.</summary>
public enum SinkPublication
{
    /// <summary>It is visible and durable.</summary>
    Published,

    /// <summary>Another activation of the sink published this name before: one file begins with the other.</summary>
    Known,

    /// <summary>The name is taken by something else, which is left as it is.</summary>
    Foreign,
}
