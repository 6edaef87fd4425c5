using Pipeline.Processing.Sinks;
using Pipeline.TestKit.Sinks;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

public sealed class SinkDirectoryTests : SinkFilesContract, IDisposable
{
    private const string Hidden = ".0-1-1/part";

    private readonly string _root = Directory.CreateTempSubdirectory("pipeline-sink-").FullName;
    private readonly SinkDirectory _files = new();

    [Fact]
    public async Task Links_are_followed_wherever_they_stand_in_a_path()
    {
        Directory.CreateDirectory(In("real/deep"));
        File.CreateSymbolicLink(In("link"), In("real"));
        File.CreateSymbolicLink(In("real/up"), "../real/deep");
        var real = await ResolveAsync("real/deep/x");
        Assert.Equal(real, await ResolveAsync("link/deep/x"));
        Assert.Equal(real, await ResolveAsync("link/up/x"));
        Assert.Equal(real, await ResolveAsync("link/up/../deep/x"));
        Assert.Equal(await ResolveAsync("real/y"), await ResolveAsync("link/up/../y"));
    }

    [Fact]
    public async Task Links_that_go_round_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(In("a"), In("b"));
        File.CreateSymbolicLink(In("b"), In("a"));
        await Assert.ThrowsAsync<IOException>(async () => await ResolveAsync("a/x"));
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_hidden_file_is_replaced_and_not_followed()
    {
        await _files.OpenAsync(_root, 0, new(1, 1), default);
        await File.WriteAllTextAsync(In("victim"), "precious");
        File.CreateSymbolicLink(In(Hidden), In("victim"));
        await _files.AppendAsync(_root, Hidden, 0, "1\n"u8.ToArray(), default);
        File.Delete(In(Hidden));
        File.CreateSymbolicLink(In(Hidden), In("victim"));
        await Assert.ThrowsAnyAsync<IOException>(
            async () => await _files.AppendAsync(_root, Hidden, 2, "2\n"u8.ToArray(), default));
        await Assert.ThrowsAnyAsync<IOException>(async () => await _files.PublishAsync(_root, Hidden, "a", default));
        Assert.Equal("precious", await File.ReadAllTextAsync(In("victim")));
    }

    [Fact]
    public async Task Links_and_directories_are_no_files_of_a_sink()
    {
        await _files.OpenAsync(_root, 0, new(1, 1), default);
        await File.WriteAllTextAsync(In("victim"), "a\nb\n");
        File.CreateSymbolicLink(In("0-a"), In("victim"));
        Directory.CreateDirectory(In("0-b"));
        Assert.Equal(["victim"], await _files.ListAsync(_root, default));
        await Assert.ThrowsAnyAsync<IOException>(async () => await _files.CountLinesAsync(_root, "0-a", default));
        foreach (var taken in (string[])["0-a", "0-b"])
        {
            await _files.AppendAsync(_root, Hidden, 0, "a\nb\n"u8.ToArray(), default);
            Assert.Equal(SinkPublication.Foreign, await _files.PublishAsync(_root, Hidden, taken, default));
        }
    }

    [Fact]
    public async Task A_later_activation_takes_away_where_those_before_it_write()
    {
        SinkDirectory first = new(), second = new(), other = new();
        await first.OpenAsync(_root, 0, new(1, 1), default);
        await other.OpenAsync(_root, 1, new(1, 1), default);
        await first.AppendAsync(_root, Hidden, 0, "1\n"u8.ToArray(), default);
        await File.WriteAllTextAsync(In(".0-1.tmp"), "of a version before");
        Directory.CreateDirectory(In(".0-1-0-left.behind"));
        await second.OpenAsync(_root, 0, new(1, 2), default);
        foreach (var position in (long[])[0, 2])
        {
            await Assert.ThrowsAnyAsync<IOException>(
                async () => await first.AppendAsync(_root, Hidden, position, "2\n"u8.ToArray(), default));
        }

        await Assert.ThrowsAnyAsync<IOException>(async () => await first.PublishAsync(_root, Hidden, "a", default));
        Assert.Equal(
            [".0-1-2", ".1-1-1"],
            Directory.GetFileSystemEntries(_root).Select(static path => Path.GetFileName(path)).Order());
        await second.LeaveAsync();
        await other.LeaveAsync();
        Assert.Empty(Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task A_place_that_is_a_link_is_refused()
    {
        Directory.CreateDirectory(In("elsewhere"));
        File.CreateSymbolicLink(In(".0-1-1"), In("elsewhere"));
        await Assert.ThrowsAnyAsync<IOException>(async () => await _files.OpenAsync(_root, 0, new(1, 1), default));
    }

    [Fact]
    public async Task A_claim_that_is_a_link_is_not_followed()
    {
        File.CreateSymbolicLink(In(SinkFileName.Claim), "/etc/hostname");
        await Assert.ThrowsAnyAsync<IOException>(async () => await _files.ReadClaimAsync(_root, default));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    protected override Task RunAsync(Func<ISinkFiles, string, Task> test) => test(_files, In("own/out"));

    private string In(string path) => Path.Combine(_root, path);

    private async Task<string> ResolveAsync(string path) => await _files.ResolveAsync(In(path), default);
}
