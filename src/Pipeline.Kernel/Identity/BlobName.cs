namespace Pipeline.Kernel.Identity;

/// <summary>The name of a blob in a store: lower-case path segments of [a-z0-9._-] joined by '/', never '..'.</summary>
public readonly record struct BlobName(string Value) : IComparable<BlobName>
{
    public int CompareTo(BlobName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
