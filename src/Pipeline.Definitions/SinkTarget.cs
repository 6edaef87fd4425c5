namespace Pipeline.Definitions;

/// <summary>Where a sink writes: of one of the kinds that the field beside <c>from</c> names.</summary>
public abstract record SinkTarget
{
    /// <summary>The kind as a definition names it: files, blob, postgres, webhook.</summary>
    public abstract string Kind { get; }

    /// <summary>Equal where two write to the same place in the same way; without secrets.</summary>
    public abstract string Signature { get; }

    /// <summary>Whether it may refuse an event for good, which then goes to the pipeline's dead letters.</summary>
    public virtual bool Refuses => false;
}
