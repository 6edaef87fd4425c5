using Pipeline.Simulation.Stores;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Stores;

namespace Pipeline.Simulation.Tests;

public sealed class SimulatedSlotContractTests() : SlotContract(new SimulatedSource());

public sealed class SimulatedPutContractTests() : PutContract(new SimulatedSource());

public sealed class SimulatedAppendContractTests() : AppendContract(new SimulatedSource());

public sealed class SimulatedSealContractTests() : SealContract(new SimulatedSource());

public sealed class SimulatedListContractTests() : ListContract(new SimulatedSource());

/// <summary>One simulated disk, its requests done at once.</summary>
internal sealed class SimulatedSource : StoreSource
{
    private readonly ImmediateLink _link = new(new SimulatedDisk("1"));

    public override ValueTask<IStoreSlot> NewSlotAsync() => new(new SimulatedSlot(_link));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
