using Pipeline.Processing.Sinks;

namespace Pipeline.TestKit.Sinks;

/// <summary>What every implementation of <see cref="ISinkFiles"/> promises.</summary>
public abstract class SinkFilesContract
{
    private const string Hidden = ".0-1-1/part";

    private static readonly byte[] One = "1\n"u8.ToArray();
    private static readonly byte[] Two = "2\n"u8.ToArray();

    /// <summary>Runs a test on files that know a directory of its own, which does not exist yet.</summary>
    protected abstract Task RunAsync(Func<ISinkFiles, string, Task> test);

    [Fact]
    public Task A_directory_that_is_created_is_empty() => RunAsync(async (files, directory) =>
    {
        await files.CreateAsync(directory, default);
        await files.CreateAsync(directory, default);
        Assert.Null(await files.ReadClaimAsync(directory, default));
        Assert.Empty(await files.ListAsync(directory, default));
    });

    [Fact]
    public Task The_first_claim_stays() => RunAsync(async (files, directory) =>
    {
        await files.CreateAsync(directory, default);
        await files.CreateAsync(directory + "/other", default);
        Assert.Equal("mine", await files.ClaimAsync(directory, "mine", default));
        Assert.Equal("mine", await files.ClaimAsync(directory, "another's", default));
        Assert.Equal("mine", await files.ReadClaimAsync(directory, default));
        Assert.Empty(await files.ListAsync(directory, default));
        Assert.Equal("other", await files.ClaimAsync(directory + "/other", "other", default));
    });

    [Fact]
    public Task A_file_is_seen_once_it_is_published() => RunAsync(async (files, directory) =>
    {
        await files.CreateAsync(directory, default);
        await files.OpenAsync(directory, 0, new(1, 1), default);
        await files.AppendAsync(directory, Hidden, 0, One, default);
        await files.AppendAsync(directory, Hidden, One.Length, Two, default);
        Assert.Empty(await files.ListAsync(directory, default));
        Assert.Equal(SinkPublication.Published, await files.PublishAsync(directory, Hidden, "a", default));
        Assert.Equal(["a"], await files.ListAsync(directory, default));
        Assert.Equal(2, await files.CountLinesAsync(directory, "a", default));
    });

    [Fact]
    public Task Position_0_starts_a_hidden_file_anew() => RunAsync(async (files, directory) =>
    {
        await files.CreateAsync(directory, default);
        await files.OpenAsync(directory, 0, new(1, 1), default);
        await files.AppendAsync(directory, Hidden, 0, "1\n2\n3\n"u8.ToArray(), default);
        await files.AppendAsync(directory, Hidden, 0, One, default);
        await files.PublishAsync(directory, Hidden, "a", default);
        Assert.Equal(1, await files.CountLinesAsync(directory, "a", default));
    });

    [Fact]
    public Task A_name_is_never_given_twice_and_the_second_is_told_what_it_met() => RunAsync(async (files, directory) =>
    {
        await files.CreateAsync(directory, default);
        await files.OpenAsync(directory, 0, new(1, 1), default);
        Assert.Equal(SinkPublication.Published, await PublishAsync(files, directory, One));
        Assert.Equal(SinkPublication.Known, await PublishAsync(files, directory, One));
        Assert.Equal(SinkPublication.Known, await PublishAsync(files, directory, [.. One, .. Two]));
        Assert.Equal(SinkPublication.Foreign, await PublishAsync(files, directory, Two));
        Assert.Equal(1, await files.CountLinesAsync(directory, "a", default));
        Assert.Equal(["a"], await files.ListAsync(directory, default));
    });

    [Fact]
    public Task What_was_published_once_cannot_be_published_again() => RunAsync(async (files, directory) =>
    {
        await files.CreateAsync(directory, default);
        await files.OpenAsync(directory, 0, new(1, 1), default);
        await PublishAsync(files, directory, One);
        await Assert.ThrowsAnyAsync<IOException>(
            async () => await files.PublishAsync(directory, Hidden, "b", default));
    });

    [Fact]
    public Task Paths_to_one_directory_resolve_to_one_text() => RunAsync(async (files, directory) =>
    {
        var plain = await files.ResolveAsync(directory, default);
        Assert.Equal(plain, await files.ResolveAsync(directory + "/./x/..//", default));
        Assert.NotEqual(plain, await files.ResolveAsync(directory + "/x", default));
    });

    private static async Task<SinkPublication> PublishAsync(ISinkFiles files, string directory, byte[] content)
    {
        await files.AppendAsync(directory, Hidden, 0, content, default);
        return await files.PublishAsync(directory, Hidden, "a", default);
    }
}
