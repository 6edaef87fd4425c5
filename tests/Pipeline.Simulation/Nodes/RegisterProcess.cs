using Pipeline.Replication.Registers;
using Pipeline.Replication.Stores;
using Pipeline.Simulation.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Nodes;

/// <summary>A process that opens the stores, watches them, and holds registers: nothing else.</summary>
public sealed class RegisterProcess : SimulatedProcess, IDisposable
{
    private readonly StoreSet _stores;
    private readonly SimulatedLoop _loop;

    public RegisterProcess(SimulatedNode node, IReadOnlyList<IStoreSlot> slots)
        : base(node)
    {
        _loop = node.NewLoop("stores");
        _stores = new StoreSet(slots, _loop, new Random(node.Draw.Next()));
    }

    public override IRegisters Registers => _stores.Registers;

    public override bool IsHealed =>
        IsReady && _stores.Status.All(static store => store.Phase == StorePhase.Up);

    public override string Health => $"{Node.Number}: {string.Join(", ", _stores.Status)}";

    public void Dispose() => _stores.Dispose();

    protected override void Open() => _loop.Post(_ => OpenStores(), null);

    private async void OpenStores()
    {
        while (true)
        {
            var outcome = await _stores.OpenAsync(CancellationToken.None);
            Node.Queue.Trace.Add(Node.Queue.Now, Node.Number, "open", $"{outcome.Result} {outcome.Detail}");
            if (outcome.Result == StoreSetResult.Opened)
            {
                _stores.Watch();
                IsReady = true;
                return;
            }

            if (outcome.Result == StoreSetResult.Refused)
            {
                Trouble = outcome.Detail;
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), _loop.Time);
        }
    }
}
