using Pipeline.Storage.Faults;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Faults;

public sealed class FaultySlotTests() : SlotContract(new DecoratedSource(Decorate.Store));

public sealed class FaultyPutTests() : PutContract(new DecoratedSource(Decorate.Store));

public sealed class FaultyAppendTests() : AppendContract(new DecoratedSource(Decorate.Store));

public sealed class FaultySealTests() : SealContract(new DecoratedSource(Decorate.Store));

public sealed class FaultyListTests() : ListContract(new DecoratedSource(Decorate.Store));

internal static class Decorate
{
    private static readonly FaultPlan Late = new(1) { DelayMax = TimeSpan.FromMilliseconds(1) };

    public static Blobs.IBlobStore Store(Blobs.IBlobStore store) =>
        new FaultyStore(store, Late, TimeProvider.System);
}
