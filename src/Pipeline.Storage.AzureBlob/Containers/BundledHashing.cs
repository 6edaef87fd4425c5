namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>
/// Azure.Storage.Common needs System.IO.Hashing, which comes with the SDK rather than as a package
/// (docs/decisions/0002-packages.md). Only an assembly that this one refers to is carried along to whatever
/// refers to this one.
/// </summary>
internal static class BundledHashing
{
    public static Type Carried { get; } = typeof(System.IO.Hashing.Crc64);
}
