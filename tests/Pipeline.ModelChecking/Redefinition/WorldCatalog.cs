namespace Pipeline.ModelChecking.Redefinition;

/// <summary>The catalog: one atomic register. One pipeline.</summary>
/// <param name="Text">The text in force.</param>
/// <param name="Term">The term of its layouts.</param>
/// <param name="Layout">The term under which its layouts came into force: resuming keeps it.</param>
/// <param name="Next">The next term: each is given once.</param>
/// <param name="Mark">The first of the terms given to the latest attempt to change this entry.</param>
/// <param name="Elsewhere">Bits of registers that are not where their instances would go on.</param>
internal readonly record struct WorldCatalog(int Text, long Term, long Layout, long Next, long Mark, int Elsewhere)
{
    public static WorldCatalog First => new(0, 1, 1, 2, 0, 0);

    /// <summary>The same text and layouts under a new term; a change under way does not survive it.</summary>
    public WorldCatalog Resumed() => this with { Term = Next, Mark = Next, Next = Next + 1 };
}
