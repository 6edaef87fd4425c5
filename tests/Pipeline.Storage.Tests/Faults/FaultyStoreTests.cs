using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Faults;
using Pipeline.Storage.Retrying;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Faults;

public sealed class FaultyStoreTests : IAsyncLifetime
{
    private static readonly BlobName Log = new("log");
    private static readonly ReadOnlyMemory<byte>[] Bytes = [new byte[10]];
    private readonly DirectorySource _source = new();
    private readonly FaultPlan _plan = new(7);
    private IBlobStore _store = null!;
    private FaultyStore _faulty = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await _source.FormatAsync();
        _faulty = new FaultyStore(_store, _plan, TimeProvider.System);
        await _store.CreateAppendBlobAsync(Log, default);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task A_failed_request_never_reaches_the_store()
    {
        _plan.Failed = 1;

        Assert.Equal(BlobStatus.Unavailable, (await _faulty.AppendAsync(Log, 0, Bytes, default)).Status);

        Assert.Equal(0, (await _store.GetAsync(Log, default)).Length);
    }

    [Fact]
    public async Task A_lost_answer_hides_what_was_done()
    {
        _plan.LostAnswers = 1;

        Assert.Equal(BlobStatus.Unavailable, (await _faulty.AppendAsync(Log, 0, Bytes, default)).Status);

        Assert.Equal(10, (await _store.GetAsync(Log, default)).Length);
    }

    [Fact]
    public async Task A_frozen_store_answers_once_it_thaws()
    {
        _plan.Freeze();
        var append = _faulty.AppendAsync(Log, 0, Bytes, default).AsTask();
        Assert.Equal(0, (await _store.GetAsync(Log, default)).Length);
        Assert.False(append.IsCompleted);

        _plan.Thaw();

        Assert.True((await append).IsOk);
    }

    [Fact]
    public async Task A_repeated_append_meets_its_own_lost_answer()
    {
        _plan.LostAnswers = 1;
        var options = new RetryOptions { Attempts = 2, Delay = TimeSpan.FromMilliseconds(1) };
        var first = await _faulty.AppendAsync(Log, 0, Bytes, default);
        _plan.LostAnswers = 0;
        var retrying = new RetryingStore(_faulty, options, new Random(1), TimeProvider.System);

        var again = await retrying.AppendAsync(Log, 0, Bytes, default);

        Assert.Equal(BlobStatus.Unavailable, first.Status);
        Assert.Equal((BlobStatus.PositionMismatch, 10L), (again.Status, again.Length));
    }

    [Fact]
    public async Task Reads_get_through_where_half_of_the_requests_fail()
    {
        _plan.Failed = 0.5;
        var atOnce = TimeSpan.FromTicks(1);
        var options = new RetryOptions { Attempts = 30, Delay = atOnce, DelayMax = atOnce };
        var retrying = new RetryingStore(_faulty, options, new Random(1), TimeProvider.System);

        for (var i = 0; i < 20; i++)
        {
            Assert.True((await retrying.GetAsync(Log, default)).IsOk);
        }
    }
}
