using Pipeline.Grains.Keeping;

namespace Pipeline.Grains.Tests.Keeping;

/// <summary>Fronts are told of a newer catalog, and of nothing else.</summary>
public sealed class CatalogFeedTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly CatalogFeed _feed = new(TimeProvider.System);
    private readonly Guid _front = Guid.NewGuid();
    private int _encoded;

    [Fact]
    public async Task A_front_that_knows_nothing_is_given_the_catalog_and_one_that_knows_it_is_not()
    {
        Publish(7);
        Assert.Equal((7, true), await AskAsync(-1, Long));
        Assert.Equal((7, true), await AskAsync(6, Long));
        Assert.Equal((7, false), await AskAsync(7, TimeSpan.Zero));
        Assert.Equal((7, false), await AskAsync(9, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_front_that_waits_is_told_at_once_and_the_catalog_is_encoded_once_for_all()
    {
        Publish(7);
        var waiting = Enumerable.Range(0, 10).Select(_ => AskAsync(7, Long)).ToList();
        Publish(7);
        Assert.DoesNotContain(waiting, static asked => asked.IsCompleted);
        Publish(8);
        Assert.All(await Task.WhenAll(waiting), static news => Assert.Equal((8, true), news));
        Assert.Equal(2, _encoded);
    }

    [Fact]
    public async Task A_change_is_told_when_every_front_has_asked_for_what_comes_after_it()
    {
        Publish(7);
        var other = Guid.NewGuid();
        _ = _feed.AskAsync(other, 7, Long);
        _ = _feed.AskAsync(_front, 7, Long);
        Publish(8);
        var told = _feed.AreToldAsync(8, Long);
        Assert.False(told.IsCompleted);
        _ = _feed.AskAsync(_front, 8, Long);
        await Task.Yield();
        Assert.False(told.IsCompleted);
        _ = _feed.AskAsync(other, 8, Long);
        await told.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_front_that_hangs_holds_a_change_up_for_no_longer_than_that()
    {
        Publish(7);
        _ = _feed.AskAsync(_front, 7, Long);
        Publish(8);
        await _feed.AreToldAsync(8, TimeSpan.FromMilliseconds(20)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<(long Version, bool HasCatalog)> AskAsync(long known, TimeSpan wait)
    {
        var news = CatalogNews.Read(await _feed.AskAsync(_front, known, wait));
        return (news.Version, news.Catalog is not null);
    }

    private void Publish(long version) => _feed.Publish(version, () =>
    {
        _encoded++;
        return new CatalogNews(version, [1, 2, 3], ["a.b"]);
    });
}
