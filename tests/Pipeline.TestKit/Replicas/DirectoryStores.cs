using Pipeline.Replication.Loops;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Stores;

namespace Pipeline.TestKit.Replicas;

/// <summary>Three directories, and store sets over them, as processes would open them one after the other.</summary>
public sealed class DirectoryStores : IAsyncDisposable
{
    private static readonly StoreSetOptions Quick = new() { ProbeInterval = TimeSpan.FromMilliseconds(20) };

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("pipeline-stores-");
    private readonly List<IDisposable> _owned = [];
    private readonly List<Exception> _faults = [];
    private int _seed;

    public DirectoryStores() => Loop = new ThreadLoop("stores", _faults.Add);

    public ThreadLoop Loop { get; }

    public string Root(int slot) => Path.Combine(_parent.FullName, $"{slot + 1}");

    /// <summary>Runs on the loop and brings the result, or the failure, back.</summary>
    public Task<T> OnLoopAsync<T>(Func<ValueTask<T>> body)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(_ => Complete(), null);
        return result.Task;

        async void Complete()
        {
            try
            {
                result.SetResult(await body());
            }
            catch (Exception failed)
            {
                result.SetException(failed);
            }
        }
    }

    public StoreSet NewSet(int slots = 3)
    {
        var all = Enumerable.Range(0, slots).Select(i => Own(NewSlot(i))).ToArray();
        return Own(new StoreSet(all, Loop, new Random(++_seed), Quick));
    }

    public DirectorySlot NewSlot(int slot) =>
        new($"{slot + 1}", Root(slot), new DirectoryStoreOptions { Ballast = 1 << 16 });

    /// <summary>Opens a new set, which must work, and watches it.</summary>
    public async Task<StoreSet> OpenAsync()
    {
        var set = NewSet();
        var outcome = await OnLoopAsync(async () =>
        {
            var opened = await set.OpenAsync(default);
            set.Watch();
            return opened;
        });
        Assert.Equal(new StoreSetOutcome(StoreSetResult.Opened), outcome);
        return set;
    }

    /// <summary>rm -rf, also under load.</summary>
    public void Delete(int slot) => Delete(Root(slot));

    private static void Delete(string directory)
    {
        while (Directory.Exists(directory))
        {
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (IOException)
            {
                // Something was written meanwhile.
            }
        }
    }

    public static Task AllUpAsync(StoreSet set) => Eventually.TrueAsync(
        () => set.Status.All(static status => status.Phase == StorePhase.Up),
        () => string.Join('\n', set.Status));

    public static Task PhaseAsync(StoreSet set, int slot, StorePhase phase) => Eventually.TrueAsync(
        () => set.Status[slot].Phase == phase, () => string.Join('\n', set.Status));

    /// <summary>
    /// The loop ends first: a round of a register that runs on behind its majority would otherwise meet closed stores.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        Loop.Dispose();
        _owned.Reverse();
        _owned.ForEach(owned => owned.Dispose());
        Delete(_parent.FullName);
        Assert.Empty(_faults);
        return ValueTask.CompletedTask;
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
