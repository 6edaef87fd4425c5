using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>Directory stores with a decorator around each.</summary>
public sealed class DecoratedSource(Func<IBlobStore, IBlobStore> decorate) : DirectorySource
{
    public override IBlobStore Decorate(IBlobStore store) => decorate(store);
}
