namespace Pipeline.Infra.Tests;

/// <summary>The change of silos, as the scripts do it: the order of what they ask of Azure.</summary>
public sealed class HookTests
{
    [Theory]
    [InlineData("", "0")]
    [InlineData("0\n0\n0", "1")]
    [InlineData("1\n1\n1", "0")]
    public void TheNextGenerationIsTheFreeOne(string running, string next)
    {
        using var hook = new Hook { ["generations"] = running, ["tagged"] = running.Length > 0 ? "old-app" : "" };
        Assert.Equal(0, hook.Run("next-generation.sh"));
        Assert.Contains($"azd env set SILO_GENERATION {next}", hook.Calls);
        const string Untag = "az tag update --resource-id old-app --operation Delete";
        Assert.Equal(
            running.Length > 0 ? 1 : 0,
            hook.Calls.Count(call => call.StartsWith(Untag, StringComparison.Ordinal)));
    }

    [Fact]
    public void AnUnfinishedChangeIsNotFollowedByAnother()
    {
        using var hook = new Hook { ["generations"] = "0\n1" };
        Assert.Equal(1, hook.Run("next-generation.sh"));
        Assert.DoesNotContain(hook.Calls, call => call.StartsWith("azd ", StringComparison.Ordinal));
    }

    [Fact]
    public void OldSilosGoOneAfterTheOtherOnceTheNewOnesAreHealthy()
    {
        using var hook = new Hook
        {
            ["names-0"] = "old-0\nold-1",
            ["names-1"] = "new-0\nnew-1",
            ["health"] = "Healthy",
        };
        Assert.Equal(0, hook.Run("retire-generation.sh", "1"));
        var calls = hook.Calls.ToList();
        var deleted = calls.Where(call => call.Contains(" delete ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, deleted.Count);
        Assert.All(deleted, call => Assert.Contains("-n old-", call, StringComparison.Ordinal));
        Assert.True(calls.FindLastIndex(call => call.Contains("revision list", StringComparison.Ordinal))
            < calls.IndexOf(deleted[0]), "all new silos are asked first");
        Assert.Contains("sleep 60", calls[calls.IndexOf(deleted[0])..calls.IndexOf(deleted[1])]);
    }

    [Fact]
    public void NothingIsDeletedWhileANewSiloIsNotHealthy()
    {
        using var hook = new Hook { ["names-0"] = "old-0", ["names-1"] = "new-0", ["health"] = "Unhealthy" };
        Assert.Equal(1, hook.Run("retire-generation.sh", "1"));
        Assert.DoesNotContain(hook.Calls, call => call.Contains(" delete ", StringComparison.Ordinal));
    }

    [Fact]
    public void TheFirstDeploymentHasNothingToRetire()
    {
        using var hook = new Hook { ["names-0"] = "new-0", ["health"] = "Healthy" };
        Assert.Equal(0, hook.Run("retire-generation.sh", "0"));
        Assert.DoesNotContain(hook.Calls, call => call.Contains(" delete ", StringComparison.Ordinal));
    }

    [Fact]
    public void ACallToAnotherSubscriptionIsRefused() => Assert.Equal(
        ["az group list"], Hook.Strangers(["az group list", "az group list --subscription sub", "azd env set A 1"]));

    [Theory]
    [InlineData("Succeeded", 0)]
    [InlineData("Failed", 1)]
    [InlineData("Running", 1)]
    public void SilosWaitForTheMigration(string status, int expected)
    {
        using var hook = new Hook { ["status"] = status };
        Assert.Equal(expected, hook.Run("migrate.sh"));
        Assert.Contains(hook.Calls, call => call.Contains("job start", StringComparison.Ordinal));
    }
}
