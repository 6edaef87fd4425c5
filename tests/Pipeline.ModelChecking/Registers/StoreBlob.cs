using System.Globalization;
using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>The register's blob on one store.</summary>
internal readonly record struct StoreBlob(bool IsThere, bool IsDamaged, RegisterState State, int Version)
{
    private static readonly string[] Versions =
        [.. Enumerable.Range(0, 1000).Select(static n => n.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Null: there is no blob.</summary>
    public string? Tag => IsThere ? Versions[Version] : null;

    public StoreBlob Write(in RegisterState state) => new(true, false, state, Version + 1);

    public StoreBlob Vanish() => new(false, false, default, Version + 1);

    public StoreBlob Damage() => new(true, true, default, Version + 1);

    public static string Text(in RegisterState state) =>
        $"(promised {state.Promised}, accepted {state.Accepted} \"{Votes.Text(state.Value)}\")";

    public byte[] Bytes() => IsDamaged ? [] : RegisterStateCodec.Encode(State);

    public override string ToString() => IsThere ? IsDamaged ? "damaged" : Text(State) : "absent";

    public void Encode(ref StateEncoder to)
    {
        to.Write((byte)(IsThere ? IsDamaged ? 1 : 2 : 0));
        if (IsThere && !IsDamaged)
        {
            to.Write(State);
        }
    }
}
