using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>Searches worlds in which definitions change, and says what was searched.</summary>
internal static class RedefinitionSearch
{
    /// <summary>No stated world is as large; it bounds the memory of a search that goes astray.</summary>
    private const int StatesMax = 12_000_000;

    public static void HoldsToTheEnd(RedefinitionOptions options)
    {
        var result = Run(options);
        Assert.Null(result.Violation);
        Assert.True(result.IsComplete, "the world is larger than the search may be");
    }

    /// <summary>Large worlds: only with PIPELINE_NIGHTLY=1 (dotnet run test.cs --nightly).</summary>
    public static void HoldsToTheEndAtNight(RedefinitionOptions options)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PIPELINE_NIGHTLY") == "1", "searched at night");
        HoldsToTheEnd(options);
    }

    public static void Catches(RedefinitionOptions options, RedefinitionFlaws flaw)
    {
        var result = Run(options with { Flaws = flaw });
        Assert.NotNull(result.Violation);
        Assert.NotEmpty(result.Schedule);
    }

    public static SearchResult Run(RedefinitionOptions options)
    {
        var result = new BreadthFirstSearch<RedefinitionWorld>(new RedefinitionWorld(options), StatesMax).Run();
        Console.WriteLine(
            $"model checking, redefinition: {TestContext.Current.TestMethod?.MethodName} ({options}): {result}");
        return result;
    }
}
