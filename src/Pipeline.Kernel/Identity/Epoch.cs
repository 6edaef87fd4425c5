namespace Pipeline.Kernel.Identity;

/// <summary>
/// Numbers the owners of a log, or the activations of a stage: each takeover raises it by one, from 1.
/// </summary>
public readonly record struct Epoch(long Value) : IComparable<Epoch>
{
    public Epoch Next() => new(Value + 1);

    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
