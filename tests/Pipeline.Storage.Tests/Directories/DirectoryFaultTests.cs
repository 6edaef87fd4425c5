using System.Diagnostics;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Directories;

/// <summary>What disks and people do to a directory.</summary>
public sealed class DirectoryFaultTests : IAsyncLifetime
{
    private static readonly BlobName Log = new("logs/1/0/1-0");
    private readonly DirectorySource _source = new();
    private IBlobStore _store = null!;
    private bool _isMounted;

    private string LogFile => Path.Combine(_source.Root, $"{_store.Id}", "logs/1/0/1-0=log");

    public async ValueTask InitializeAsync()
    {
        _store = await _source.FormatAsync();
        await _store.CreateAppendBlobAsync(Log, default);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await RunAsync("umount", "-l", _source.Root);
        }

        await _source.DisposeAsync();
    }

    [Fact]
    public async Task An_append_into_a_removed_directory_is_never_acknowledged_and_creates_nothing()
    {
        Assert.True((await _store.AppendAsync(Log, 0, [new byte[5]], default)).IsOk);
        Directory.Delete(_source.Root, recursive: true);

        Assert.Equal(BlobStatus.StoreLost, (await _store.AppendAsync(Log, 5, [new byte[5]], default)).Status);
        Assert.Equal(BlobStatus.StoreLost, (await _store.CreateAppendBlobAsync(new("x"), default)).Status);

        Assert.False(Directory.Exists(_source.Root));
    }

    [Fact]
    public async Task A_torn_tail_is_given_to_readers_and_never_written_over()
    {
        Assert.True((await _store.AppendAsync(Log, 0, [new byte[5]], default)).IsOk);
        await File.AppendAllTextAsync(LogFile, "torn");

        var append = await _store.AppendAsync(Log, 5, [new byte[5]], default);

        Assert.Equal((BlobStatus.PositionMismatch, 9L), (append.Status, append.Length));
        Assert.Equal(9, (await _store.SealAsync(Log, default)).Length);
    }

    [Fact]
    public async Task A_failed_sync_ends_the_incarnation_for_every_process()
    {
        var presence = new StorePresence(_source.Root, _store.Id);
        Assert.True(presence.Check());

        presence.Poison("fdatasync x: Input/output error (5)");

        Assert.False(presence.Check());
        var slot = await _source.NewSlotAsync();
        var probe = await slot.ProbeAsync(default);
        Assert.Equal((StoreCondition.Damaged, _store.Id), (probe.Condition, probe.Id));
        Assert.Equal(BlobStatus.StoreLost, (await slot.Open(_store.Id).GetAsync(Log, default)).Status);
        var next = StoreSource.NewId();
        Assert.True((await slot.ReplaceIdentityAsync(_store.Id, next, default)).IsOk);
        Assert.Equal(StoreCondition.Identified, (await slot.ProbeAsync(default)).Condition);
        Assert.True((await slot.Open(next).CreateAppendBlobAsync(Log, default)).IsOk);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(12)]
    [InlineData(55)]
    [InlineData(0)]
    public async Task A_damaged_put_blob_is_given_as_it_is_and_can_be_replaced(int flipped)
    {
        var name = new BlobName("registers/x");
        await _store.PutAsync(name, new byte[30], PutCondition.IfAbsent, default);
        var path = Path.Combine(_source.Root, $"{_store.Id}", "registers/x=put");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[flipped] ^= 4;
        await File.WriteAllBytesAsync(path, bytes);

        var found = await _store.GetAsync(name, default);
        var put = await _store.PutAsync(name, new byte[30], PutCondition.IfMatch(found.ETag), default);

        Assert.True(found.IsDamaged);
        Assert.True(put.IsOk, $"{put}");
        Assert.False((await _store.GetAsync(name, default)).IsDamaged);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("A")]
    [InlineData("a=put")]
    [InlineData("")]
    [InlineData("a/./b")]
    public async Task A_name_that_is_none_is_a_bug(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.GetAsync(new(name), default));

    [Fact]
    public async Task On_a_full_disk_appends_leave_no_trace_small_puts_go_on_and_room_brings_all_back()
    {
        await MountAsync("size=1m");
        var block = new byte[100_000];
        var position = 0L;
        BlobOutcome append;
        while ((append = await _store.AppendAsync(Log, position, [block], default)).IsOk)
        {
            position = append.Length;
        }

        Assert.Equal(BlobStatus.NoSpace, append.Status);
        Assert.Equal(position, (await _store.GetRangeAsync(Log, 0, 1, default)).Length);
        var put = await _store.PutAsync(new("registers/x"), new byte[20_000], PutCondition.IfAbsent, default);
        Assert.True(put.IsOk, $"{put}");
        Assert.True((await _store.SealAsync(new("logs/other"), default)).IsOk);

        await RunAsync("mount", "-o", "remount,size=4m", _source.Root);
        Assert.True((await _store.AppendAsync(Log, position, [block], default)).IsOk);
    }

    [Fact]
    public async Task A_read_only_disk_refuses_writes_gives_reads_and_takes_writes_again_later()
    {
        await MountAsync("size=4m");
        Assert.True((await _store.AppendAsync(Log, 0, [new byte[5]], default)).IsOk);
        ((IDisposable)_store).Dispose();
        Assert.True(await RunAsync("mount", "-o", "remount,ro", _source.Root));

        Assert.Equal(BlobStatus.NoSpace, (await _store.AppendAsync(Log, 5, [new byte[5]], default)).Status);
        Assert.Equal(5, (await _store.GetAsync(Log, default)).Length);
        var put = await _store.PutAsync(new("x"), new byte[5], PutCondition.IfAbsent, default);
        Assert.Equal(BlobStatus.NoSpace, put.Status);

        await RunAsync("mount", "-o", "remount,rw", _source.Root);
        Assert.True((await _store.AppendAsync(Log, 5, [new byte[5]], default)).IsOk);
    }

    /// <summary>Puts the store on a file system of its own.</summary>
    private async Task MountAsync(string options)
    {
        Directory.Delete(_source.Root, recursive: true);
        Directory.CreateDirectory(_source.Root);
        _isMounted = await RunAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", _source.Root);
        Assert.SkipUnless(_isMounted, "needs the right to mount a tmpfs: run the tests as root");
        _store = await _source.FormatAsync();
        await _store.CreateAppendBlobAsync(Log, default);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
