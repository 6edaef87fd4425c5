namespace Pipeline.Definitions;

/// <summary>What a text is, for people, and how much it may hold.</summary>
/// <param name="Name">What its mistakes call it.</param>
/// <param name="Holds">What one of it is about.</param>
/// <param name="Nodes">Values of any kind, names included.</param>
internal sealed record TextKind(string Name, string Holds, int Nodes)
{
    public static TextKind Definition { get; } = new("definition", "pipeline", DefinitionLimits.Nodes);
}
