namespace Pipeline.Queries.Operators;

/// <summary>A field of the event that a row keeps: its slot, and its name as JSON with the colon.</summary>
internal sealed record KeptField(int Slot, byte[] Label);
