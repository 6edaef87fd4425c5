namespace Pipeline.Simulation.Histories;

/// <summary>One event a client sent: unique in its run, and numbered among those of its key.</summary>
/// <param name="Client">Who sent it.</param>
/// <param name="Key">Its key; used by this client alone.</param>
/// <param name="Number">Rises with each event of the client.</param>
/// <param name="Value">Its JSON text.</param>
public sealed record SentEvent(int Client, string Key, long Number, string Value);
