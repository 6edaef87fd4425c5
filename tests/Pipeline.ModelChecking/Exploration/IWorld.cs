namespace Pipeline.ModelChecking.Exploration;

/// <summary>
/// One state of a small world: the shipped machines, the stores and the messages between them. A world never changes:
/// an action makes the next one, which may share with it whatever the action left alone.
/// </summary>
public interface IWorld<TWorld>
    where TWorld : class, IWorld<TWorld>
{
    /// <summary>What went wrong on the way here; null: nothing.</summary>
    string? Violation { get; }

    /// <summary>Appends all that can happen next, each as a number of the world's own.</summary>
    void AddActions(List<int> actions);

    /// <summary>The world after an action.</summary>
    TWorld After(int action);

    /// <summary>For people: what an action does in this world.</summary>
    string Describe(int action);

    /// <summary>Equal worlds, and worlds that differ by symmetry only, have equal fingerprints.</summary>
    UInt128 Fingerprint();
}
