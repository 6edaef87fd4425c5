namespace Pipeline.Definitions.Codes;

/// <summary>What a C# stage may do while it handles an event; everything takes effect when it returns.</summary>
public sealed class StageCodeContext
{
    private readonly List<(byte[]? Key, byte[] Value)> _outputs = [];

    /// <summary>The state of the event's key; empty where there is none.</summary>
    public ReadOnlyMemory<byte> State { get; set; }

    internal IReadOnlyList<(byte[]? Key, byte[] Value)> Outputs => _outputs;

    internal string? Reason { get; private set; }

    /// <summary>Puts out a JSON value under the event's own key, or the one that <c>key:</c> names in it.</summary>
    public void Emit(ReadOnlySpan<byte> value) => _outputs.Add((null, value.ToArray()));

    /// <summary>Puts out a JSON value under another key.</summary>
    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        _outputs.Add((key.ToArray(), value.ToArray()));

    /// <summary>Makes the event a dead letter.</summary>
    public void Reject(string reason) => Reason = reason;

    internal void Begin(ReadOnlyMemory<byte> state)
    {
        _outputs.Clear();
        (State, Reason) = (state, null);
    }
}
