using System.Globalization;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Directories;

/// <summary>Several processes on one store, killed and stopped.</summary>
public sealed class DirectoryProcessTests : IAsyncLifetime
{
    private static readonly BlobName Log = new("log");
    private readonly DirectorySource _source = new();
    private IBlobStore _store = null!;

    private string LogFile => Path.Combine(_source.Root, $"{_store.Id}", "log=log");

    public async ValueTask InitializeAsync()
    {
        _store = await _source.FormatAsync();
        await _store.CreateAppendBlobAsync(Log, default);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task After_a_kill_all_that_was_acknowledged_is_there_and_the_blob_can_be_sealed()
    {
        var acknowledged = 0L;
        using (var worker = StoreWorker.Start("append", _source.Root, _store.Id))
        {
            while (acknowledged < 40_000)
            {
                var line = await worker.StandardOutput.ReadLineAsync();
                acknowledged = long.Parse(line!, CultureInfo.InvariantCulture);
            }

            worker.Kill();
            var rest = await worker.StandardOutput.ReadToEndAsync();
            await worker.WaitForExitAsync();
            acknowledged = rest.Split('\n').Where(line => line.Length > 0)
                .Select(line => long.Parse(line, CultureInfo.InvariantCulture)).LastOrDefault(acknowledged);
        }

        var sealing = await _store.SealAsync(Log, default);
        var content = await _store.GetAsync(Log, default);

        Assert.True(sealing.IsOk, $"{sealing}");
        Assert.True(content.Length >= acknowledged, $"{content.Length} < {acknowledged}");
        for (var position = 0L; position < acknowledged; position += 998)
        {
            Assert.True(content.Bytes.Span.Slice((int)position, 998).SequenceEqual(StoreWorker.Block(position)));
        }
    }

    [Fact]
    public async Task A_writer_in_another_process_is_stopped_by_a_seal()
    {
        using var worker = StoreWorker.Start("append", _source.Root, _store.Id);
        await worker.StandardOutput.ReadLineAsync();

        var sealing = await _store.SealAsync(Log, default);
        var lines = (await worker.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await worker.WaitForExitAsync();

        Assert.Equal("Sealed", lines[^1]);
        var content = await _store.GetAsync(Log, default);
        Assert.Equal(sealing.Length, content.Length);
        Assert.All(lines[..^1], line =>
            Assert.True(long.Parse(line, CultureInfo.InvariantCulture) <= content.Length));
    }

    [Fact]
    public async Task Two_processes_that_count_by_compare_and_swap_lose_nothing()
    {
        await _store.PutAsync(new("counter"), "0"u8.ToArray(), PutCondition.IfAbsent, default);
        using var worker = StoreWorker.Start("50", _source.Root, _store.Id);

        await Task.Run(() => StoreWorker.Count(_store, 50));
        await worker.WaitForExitAsync();

        Assert.True((await _store.GetAsync(new("counter"), default)).Bytes.Span.SequenceEqual("100"u8));
    }

    [Fact]
    public async Task A_seal_does_not_wait_for_a_process_that_stands_still_in_the_middle_of_an_append()
    {
        var writer = await _source.OpenAgainAsync(_store);
        Assert.True((await writer.AppendAsync(Log, 0, [new byte[5]], default)).IsOk);
        using var stopped = PosixFile.Open(LogFile, Posix.ReadWrite)!;
        Assert.True(FileLock.TryAcquire(stopped, LogFile, TimeSpan.Zero));

        var sealing = await _store.SealAsync(Log, default);
        GatherWrite.Write(stopped, LogFile, 5, [new byte[100]]);
        FileLock.Release(stopped);

        Assert.Equal((BlobStatus.Ok, 5L), (sealing.Status, sealing.Length));
        Assert.Equal(5, (await _store.GetAsync(Log, default)).Length);
        Assert.Equal(BlobStatus.Sealed, (await writer.AppendAsync(Log, 5, [new byte[5]], default)).Status);
        Assert.Equal(5, (await writer.GetAsync(Log, default)).Length);
    }

    [Fact]
    public async Task What_a_dead_process_left_half_written_is_removed_and_what_a_live_one_writes_is_not()
    {
        var folder = Path.Combine(_source.Root, $"{_store.Id}", "=tmp");
        await File.WriteAllTextAsync(Path.Combine(folder, "dead"), "x");
        using var live = TemporaryFile.Create(folder);

        await (await _source.OpenAgainAsync(_store)).GetAsync(Log, default);

        Assert.Equal([live.Path], Directory.GetFiles(folder));
    }

    [Fact]
    public async Task Who_removes_what_the_dead_left_behind_does_not_disturb_the_living()
    {
        var folder = Path.Combine(_source.Root, $"{_store.Id}", "=tmp");
        using var finished = new CancellationTokenSource();
        var removing = Task.Run(() =>
        {
            while (!finished.IsCancellationRequested)
            {
                TemporaryFile.RemoveDead(folder);
            }
        });

        for (var i = 0; i < 500; i++)
        {
            var put = await _store.PutAsync(new BlobName($"a/{i}"), new byte[10], PutCondition.IfAbsent, default);
            Assert.True(put.IsOk, $"{i}: {put}");
        }

        await finished.CancelAsync();
        await removing;
        Assert.Empty(Directory.GetFiles(folder));
    }
}
