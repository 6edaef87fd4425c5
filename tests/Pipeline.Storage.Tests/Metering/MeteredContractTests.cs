using Pipeline.Storage.Metering;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Metering;

public sealed class MeteredSlotTests() : SlotContract(new DecoratedSource(Decorate.Store));

public sealed class MeteredPutTests() : PutContract(new DecoratedSource(Decorate.Store));

public sealed class MeteredAppendTests() : AppendContract(new DecoratedSource(Decorate.Store));

public sealed class MeteredSealTests() : SealContract(new DecoratedSource(Decorate.Store));

public sealed class MeteredListTests() : ListContract(new DecoratedSource(Decorate.Store));

internal static class Decorate
{
    public static Blobs.IBlobStore Store(Blobs.IBlobStore store) =>
        new MeteredStore(store, new StoreMeter(new MeterScope()), TimeProvider.System);
}
