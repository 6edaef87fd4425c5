using Pipeline.Storage.Retrying;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Retrying;

public sealed class RetryingSlotTests() : SlotContract(new DecoratedSource(Decorate.Store));

public sealed class RetryingPutTests() : PutContract(new DecoratedSource(Decorate.Store));

public sealed class RetryingAppendTests() : AppendContract(new DecoratedSource(Decorate.Store));

public sealed class RetryingSealTests() : SealContract(new DecoratedSource(Decorate.Store));

public sealed class RetryingListTests() : ListContract(new DecoratedSource(Decorate.Store));

internal static class Decorate
{
    public static Blobs.IBlobStore Store(Blobs.IBlobStore store) =>
        new RetryingStore(store, new(), new Random(1), TimeProvider.System);
}
