using System.Collections.Concurrent;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Stores;
using Xunit;

namespace Pipeline.Replication.Tests.Registers;

/// <summary>An exception in what a register does to the world never makes it hang, nor count anything twice.</summary>
public sealed class RegisterFaultTests : IAsyncLifetime
{
    private static readonly BlobName Name = new("registers/counter");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Fault> _told = [];
    private readonly Supervisor _supervisor;
    private readonly ThreadLoop _loop;
    private readonly FaultyTimers _timers;
    private readonly TaskCompletionSource _thaw = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ThreeStores _stores = null!;
    private IRegister _register = null!;
    private volatile Func<int, string, StoreFault> _decide = static (_, _) => StoreFault.None;
    private volatile bool _isNameless;

    public RegisterFaultTests()
    {
        _supervisor = new Supervisor(_told.Enqueue);
        _loop = new ThreadLoop("registers", _supervisor);
        _timers = new FaultyTimers(_loop);
    }

    public async ValueTask InitializeAsync()
    {
        _stores = await ThreeStores.FormatAsync();
        for (var store = 0; store < 3; store++)
        {
            var number = store;
            _stores.Decorate(store, inner => new NamelessStore(
                new FaultyStore(inner, what => _decide(number, what)), () => _isNameless));
        }

        var registers = new QuorumRegisters(_stores.Set, _timers, new Random(1));
        Assert.Equal(RegisterStatus.Chosen, (await registers.BearAsync(Name, new byte[] { 1 }, default)).Status);
        _register = registers.Open(Name);

        // A majority is enough for a birth, and the third store gets it soon after: tests take a store away then.
        foreach (var member in _stores.Set.Members)
        {
            var content = new BlobContent(BlobStatus.NotFound);
            for (var i = 0; i < 6_000 && content.Status != BlobStatus.Ok; i++)
            {
                await Task.Delay(i == 0 ? 0 : 5);
                content = await member.Store.GetAsync(Name, default);
            }

            Assert.Equal(BlobStatus.Ok, content.Status);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _thaw.TrySetResult();
        _loop.Dispose();
        await _stores.DisposeAsync();
    }

    [Theory]
    [InlineData(RegisterEffectKind.Get)]
    [InlineData(RegisterEffectKind.Put)]
    [InlineData(RegisterEffectKind.PauseStore)]
    [InlineData(RegisterEffectKind.BackOff)]
    [InlineData(RegisterEffectKind.AwaitStragglers)]
    public async Task An_exception_in_an_effect_is_answered_and_another_proposer_goes_on(RegisterEffectKind effect)
    {
        var (known, unknown) = (1, 0);
        await CountAsync();
        await PlantAsync(effect, CountAsync);
        var rival = effect == RegisterEffectKind.BackOff ? OutbidAsync() : Task.CompletedTask;
        for (var i = 0; !HasFailed; i++)
        {
            Assert.True(i < 200, $"no {effect} failed");
            await (effect == RegisterEffectKind.AwaitStragglers ? ReadAsync() : CountAsync());
        }

        await rival;

        (_decide, _isNameless, _timers.IsArmed) = (static (_, _) => StoreFault.None, false, false);
        _thaw.TrySetResult();
        await CountAsync();
        var told = _told.First(static fault => fault.Source == FaultSource.Machine);
        Assert.Equal(("register", $"register {Name}", "planned"), (told.Kind, told.Name, told.Exception.Message));
        await Eventually.TrueAsync(() => _supervisor.Failing.Count == 0, () => string.Join('\n', _supervisor.Failing));
        var read = await ReadAsync();
        Assert.Equal(RegisterStatus.Chosen, read.Status);
        Assert.InRange(read.Value.Span[0], known, known + unknown);

        async Task CountAsync()
        {
            var status = await AddAsync();
            known += status == RegisterStatus.Chosen ? 1 : 0;
            unknown += status == RegisterStatus.Unavailable ? 1 : 0;
        }
    }

    [Fact]
    public async Task Who_waits_behind_a_failed_operation_is_answered_too()
    {
        _isNameless = true;
        _decide = static (_, _) => new StoreFault(BlobStatus.Unavailable, IsDone: false);
        var waiting = Enumerable.Range(0, 20).Select(_ => AddAsync()).ToArray();
        foreach (var status in waiting)
        {
            Assert.Equal(RegisterStatus.Unavailable, await status);
        }

        Assert.Equal(FaultSource.Machine, Assert.Single(_supervisor.Failing).Source);
        (_decide, _isNameless) = (static (_, _) => StoreFault.None, false);
        Assert.Equal(RegisterStatus.Chosen, await AddAsync());
        Assert.Empty(_supervisor.Failing);
    }

    [Fact]
    public async Task A_store_that_throws_is_said_and_the_others_go_on()
    {
        _decide = static (store, _) =>
            store == 1 ? throw new InvalidOperationException("planned") : StoreFault.None;
        Assert.Equal(RegisterStatus.Chosen, await AddAsync());

        // The two others are enough: this one may be told of afterwards.
        for (var i = 0; i < 1000 && _told.IsEmpty; i++)
        {
            await Task.Delay(5);
        }

        Assert.All(_told, static fault => Assert.Equal(("store", "store 2"), (fault.Kind, fault.Name)));
        Assert.NotEmpty(_told);
    }

    /// <summary>A birth reaches the third store while somebody reads that cannot reach the second.</summary>
    [Fact]
    public async Task A_store_that_had_no_register_yet_is_asked_again_while_another_does_not_answer()
    {
        _decide = (store, what) =>
            store == 2 && what == "put" ? new StoreFault(BlobStatus.Ok, Until: _thaw.Task) : StoreFault.None;
        var late = new BlobName("registers/late");
        var others = new QuorumRegisters(_stores.Set, _timers, new Random(4));
        Assert.Equal(RegisterStatus.Chosen, (await others.BearAsync(late, new byte[] { 1 }, default)).Status);
        _decide = static (store, _) =>
            store == 1 ? new StoreFault(BlobStatus.Unavailable, IsDone: false) : StoreFault.None;
        _register = new QuorumRegisters(_stores.Set, _timers, new Random(5)).Open(late);
        var added = AddAsync();
        await Task.Delay(200);
        Assert.False(added.IsCompleted);
        _thaw.TrySetResult();
        Assert.Equal(RegisterStatus.Chosen, await added.WaitAsync(TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public async Task A_change_that_throws_is_its_callers()
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => _register.ProposeAsync(
            static _ => throw new InvalidOperationException("planned"), default).AsTask().WaitAsync(Limit));
        Assert.Equal("planned", failed.Message);
        Assert.Equal(RegisterStatus.Chosen, await AddAsync());
        Assert.Empty(_told);
    }

    private Task<RegisterOutcome> ReadAsync() => _register.ReadAsync(default).AsTask().WaitAsync(Limit);

    private bool HasFailed => _told.Any(static fault => fault.Source == FaultSource.Machine);

    /// <summary>Another process that writes what is there.</summary>
    private async Task OutbidAsync()
    {
        var register = new QuorumRegisters(_stores.Set, _loop, new Random(9)).Open(Name);
        while (!HasFailed)
        {
            await register.ProposeAsync(static value => value.ToArray(), default);
        }
    }

    private async Task<RegisterStatus> AddAsync()
    {
        var outcome = await _register.ProposeAsync(
            static value => new byte[] { (byte)(value.Span[0] + 1) }, default).AsTask().WaitAsync(Limit);
        return outcome.Status;
    }

    /// <summary>A store that does not even know its name.</summary>
    private sealed class NamelessStore(IBlobStore store, Func<bool> isNameless) : DelegatingStore(store)
    {
        public override string Name => isNameless() ? throw new InvalidOperationException("planned") : base.Name;
    }

    private async Task PlantAsync(RegisterEffectKind effect, Func<Task> count)
    {
        switch (effect)
        {
            case RegisterEffectKind.Get or RegisterEffectKind.Put:
                // What a store answers is noted under its name; a new proposer asks before it writes.
                _register = new QuorumRegisters(_stores.Set, _timers, new Random(2)).Open(Name);
                _isNameless = true;
                _decide = (store, what) => store == 2 && what == (effect == RegisterEffectKind.Get ? "get" : "put")
                    ? new StoreFault(BlobStatus.Unavailable, IsDone: false)
                    : StoreFault.None;
                break;
            case RegisterEffectKind.PauseStore:
                _decide = static (store, _) =>
                    store == 2 ? new StoreFault(BlobStatus.Unavailable, IsDone: false) : StoreFault.None;
                break;
            case RegisterEffectKind.BackOff:
                // A rival outbids it.
                break;
            default:
                _decide = static (store, _) =>
                    store == 2 ? new StoreFault(BlobStatus.StoreLost, IsDone: false) : StoreFault.None;
                await count();

                // A new reader sees two that disagree, and the third one does not answer.
                _register = new QuorumRegisters(_stores.Set, _timers, new Random(3)).Open(Name);
                _decide = (store, what) => store == 1 && what == "get"
                    ? new StoreFault(BlobStatus.Ok, Until: _thaw.Task)
                    : StoreFault.None;
                break;
        }

        _timers.IsArmed = effect is not (RegisterEffectKind.Get or RegisterEffectKind.Put);
    }
}
