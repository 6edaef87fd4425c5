using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>A put that its sender knows nothing of any more, and that may still be carried out.</summary>
internal readonly record struct LateRequest(int Store, RegisterState State, string? Version)
{
    public override string ToString() => $"put {StoreBlob.Text(State)} on S{Store + 1}";
}
