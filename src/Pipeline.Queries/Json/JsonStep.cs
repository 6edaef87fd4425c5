namespace Pipeline.Queries.Json;

/// <summary>One step of a path: a member's name, or, where that is null, an element's index from 0.</summary>
public readonly record struct JsonStep(string? Name, int Index);
