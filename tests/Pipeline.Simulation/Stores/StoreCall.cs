namespace Pipeline.Simulation.Stores;

/// <summary>What a request to a store asks for.</summary>
public enum StoreCallKind
{
    Probe,
    Identify,
    Mark,
    Get,
    Put,
    Create,
    Append,
    Seal,
    Delete,
    List,
}

/// <summary>One request to a store, for the trace and for the faults that may hit it.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Blob">Of which blob; empty where it is the whole store's.</param>
/// <param name="Bytes">How many bytes it carries.</param>
public readonly record struct StoreCall(StoreCallKind Kind, string Blob = "", int Bytes = 0)
{
    public bool IsWrite => Kind is StoreCallKind.Identify or StoreCallKind.Mark or StoreCallKind.Put
        or StoreCallKind.Create or StoreCallKind.Append or StoreCallKind.Seal or StoreCallKind.Delete;
}
