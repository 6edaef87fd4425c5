namespace Pipeline.Storage.Blobs;

/// <summary>Names one version of a blob's contents; opaque outside its store.</summary>
public readonly record struct ETag(string Value)
{
    public override string ToString() => Value;
}
