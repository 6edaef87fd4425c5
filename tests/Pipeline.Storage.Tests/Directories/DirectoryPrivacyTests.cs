using System.Runtime.Versioning;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Storage.Tests.Directories;

/// <summary>Nobody but its owner reads a store, and a store writes nowhere but to itself.</summary>
[SupportedOSPlatform("linux")]
public sealed class DirectoryPrivacyTests : IAsyncLifetime
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly BlobName Log = new("logs/1/0/1-0");
    private static readonly BlobName Register = new("registers/catalog");

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("pipeline-private-");

    private string Victim => Path.Combine(_parent.FullName, "victim");

    public ValueTask InitializeAsync()
    {
        File.WriteAllText(Victim, "precious");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Assert.Equal("precious", File.ReadAllText(Victim));
        _parent.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task All_that_a_store_makes_is_for_its_owner_alone()
    {
        var root = Path.Combine(_parent.FullName, "data", "stores", "1");
        using var slot = new DirectorySlot("1", root, new DirectoryStoreOptions { Ballast = 1 << 16 });
        var store = await FormatAsync(slot);
        Assert.True((await store.CreateAppendBlobAsync(Log, default)).IsOk);
        Assert.True((await store.AppendAsync(Log, 0, [new byte[5]], default)).IsOk);
        Assert.True((await store.SealAsync(Log, default)).IsOk);
        Assert.True((await store.PutAsync(Register, new byte[3], PutCondition.IfAbsent, default)).IsOk);
        Assert.True((await slot.ReplaceIdentityAsync(store.Id, new StoreId(9), default)).IsOk);

        var made = Directory.GetFileSystemEntries(_parent.FullName, "*", SearchOption.AllDirectories)
            .Where(path => path != Victim).ToList();
        Assert.Contains(Path.Combine(root, "ballast"), made);
        Assert.Contains(made, path => path.EndsWith("=seal", StringComparison.Ordinal));
        Assert.DoesNotContain(made, path => (File.GetUnixFileMode(path) & Others) != 0);
    }

    [Fact]
    public async Task A_link_that_lies_where_the_ballast_goes_is_not_written_through()
    {
        var root = Path.Combine(_parent.FullName, "1");
        Directory.CreateDirectory(root);
        File.CreateSymbolicLink(Path.Combine(root, "ballast"), Victim);
        using var slot = new DirectorySlot("1", root, new DirectoryStoreOptions { Ballast = 1 << 16 });

        var store = await FormatAsync(slot);
        Assert.True((await store.PutAsync(Register, new byte[3], PutCondition.IfAbsent, default)).IsOk);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("formatted")]
    public async Task A_link_in_the_place_of_a_mark_is_not_written_through(string mark)
    {
        var root = Path.Combine(_parent.FullName, "1");
        Directory.CreateDirectory(root);
        File.CreateSymbolicLink(Path.Combine(root, mark), Victim);
        using var slot = new DirectorySlot("1", root, new DirectoryStoreOptions { Ballast = 1 << 16 });

        var probe = await slot.ProbeAsync(default);
        await slot.IdentifyAsync(new StoreId(7), default);
        await slot.MarkFormattedAsync(new StoreId(7), default);

        if (mark == "identity")
        {
            Assert.Equal(StoreCondition.Unavailable, probe.Condition);
            Assert.Contains("symbolic link", probe.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("=log")]
    [InlineData("=put")]
    public async Task A_link_in_the_place_of_a_blob_is_an_error_that_says_so(string suffix)
    {
        var root = Path.Combine(_parent.FullName, "1");
        using var slot = new DirectorySlot("1", root, new DirectoryStoreOptions { Ballast = 1 << 16 });
        var store = await FormatAsync(slot);
        await store.PutAsync(Register, new byte[3], PutCondition.IfAbsent, default);
        var planted = Path.Combine(root, $"{store.Id}", "registers", $"catalog{suffix}");
        File.Delete(planted);
        File.CreateSymbolicLink(planted, Victim);

        var outcome = suffix == "=log"
            ? await store.AppendAsync(Register, 8, [new byte[5]], default)
            : await store.PutAsync(Register, new byte[5], PutCondition.IfAbsent, default);

        Assert.False(outcome.IsOk);
        Assert.Contains("symbolic link", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_directory_of_a_store_may_be_a_link_to_another_disk()
    {
        Directory.CreateDirectory(Path.Combine(_parent.FullName, "disk"));
        var root = Path.Combine(_parent.FullName, "1");
        Directory.CreateSymbolicLink(root, Path.Combine(_parent.FullName, "disk"));
        using var slot = new DirectorySlot("1", root, new DirectoryStoreOptions { Ballast = 1 << 16 });

        var store = await FormatAsync(slot);
        Assert.True((await store.PutAsync(Register, new byte[3], PutCondition.IfAbsent, default)).IsOk);
    }

    private static async Task<IBlobStore> FormatAsync(DirectorySlot slot)
    {
        var id = new StoreId(7);
        Assert.True((await slot.IdentifyAsync(id, default)).IsOk);
        Assert.True((await slot.MarkFormattedAsync(id, default)).IsOk);
        return slot.Open(id);
    }
}
