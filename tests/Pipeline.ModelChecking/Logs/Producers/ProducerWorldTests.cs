using Pipeline.Kernel.Logs;
using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Logs.Producers;

/// <summary>
/// A number of a producer is appended once and then known or refused, whatever leaves the windows; each known-bad
/// memory is caught.
/// </summary>
public sealed class ProducerWorldTests
{
    private const int StatesMax = 2_000_000;

    private static readonly ProducerWorldOptions OnePartition = new()
    {
        Requests = [[0], [0], [0]],
        Sends = 5,
        Others = 3,
        Rebuilds = 1,
    };

    private static readonly ProducerWorldOptions TwoPartitions = new()
    {
        Requests = [[0, 1], [1], [0, 1]],
        Sends = 4,
        Others = 3,
        Rebuilds = 1,
    };

    private static readonly ProducerWorldOptions ThreePartitions = new()
    {
        Requests = [[1, 2], [0, 2]],
        Sends = 3,
        Others = 3,
        Rebuilds = 1,
    };

    [Fact]
    public void Home_and_events_in_one_partition() => Holds(OnePartition);

    [Fact]
    public void Events_in_the_home_and_in_another_partition() => Holds(TwoPartitions);

    [Fact]
    public void Events_in_two_partitions_beside_the_home() => Holds(ThreePartitions);

    [Fact]
    public void Forgetting_producers_takes_their_numbers_twice() =>
        Catches(OnePartition, LogFlaws.ForgetProducers);

    [Fact]
    public void Remembering_at_the_home_only_takes_numbers_twice() =>
        Catches(TwoPartitions, LogFlaws.ForgetPartsNumbers);

    [Fact]
    public void Losing_the_numbers_with_a_new_segment_takes_them_twice() =>
        Catches(OnePartition, LogFlaws.LoseNumbersWhenRolling);

    private static void Holds(ProducerWorldOptions options)
    {
        var result = Run(options);
        Assert.True(result.Violation is null, $"{result.Violation}: {string.Join("; ", result.Schedule)}");
        Assert.True(result.IsComplete, "the world is larger than the search may be");
    }

    private static void Catches(ProducerWorldOptions options, LogFlaws flaw)
    {
        var result = Run(options with { Flaws = flaw });
        Assert.NotNull(result.Violation);
        Assert.NotEmpty(result.Schedule);
    }

    private static SearchResult Run(ProducerWorldOptions options)
    {
        var result = new BreadthFirstSearch<ProducerWorld>(new ProducerWorld(options), StatesMax).Run();
        Console.WriteLine($"model checking, producers: {options}: {result}");
        return result;
    }
}
