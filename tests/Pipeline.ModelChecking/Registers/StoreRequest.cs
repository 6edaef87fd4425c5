using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>A request of a proposer to a store; one at a time.</summary>
/// <param name="Kind">Get or Put; null: none.</param>
/// <param name="State">Put: what to write…</param>
/// <param name="Version">… and over what.</param>
/// <param name="Answer">It was carried out, and this is on its way back.</param>
internal readonly record struct StoreRequest(
    RegisterEffectKind? Kind, RegisterState State, string? Version, RegisterInput? Answer)
{
    public override string ToString() =>
        Kind == RegisterEffectKind.Put ? $"put {StoreBlob.Text(State)}" : Kind is null ? "nothing" : "get";
}
