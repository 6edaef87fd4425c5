namespace Pipeline.ModelChecking.Redefinition;

internal enum ChangeItemKind
{
    /// <summary>An instance of the old text is cut.</summary>
    Cut,

    /// <summary>The same, at the end of its input.</summary>
    Drain,

    /// <summary>
    /// An instance goes on where it was cut, with the state of a stage that had an instance of its own.
    /// </summary>
    Join,

    /// <summary>
    /// An instance begins at the end of its input, with the state of its stage where it ran until now.
    /// </summary>
    Begin,
}

/// <summary>One step of a change.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Register">The register that is written.</param>
/// <param name="From">Join and Begin: the register that holds the stage's state; -1: none does.</param>
/// <param name="Stage">Join and Begin: the stage.</param>
internal sealed record ChangeItem(ChangeItemKind Kind, int Register, int From = -1, string Stage = "");
