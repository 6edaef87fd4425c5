using Pipeline.Cli.Tests.Programs;
using Xunit;

namespace Pipeline.Cli.Tests;

/// <summary>pipeline key, and what its keys open.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task A_key_that_was_made_opens_the_service_by_option_and_by_variable()
    {
        var (made, output) = await BuiltProgram.RunAsync("key", "me", "--roles", "reader,operator");
        Assert.Equal(0, made);
        var lines = output.Split('\n', StringSplitOptions.TrimEntries);
        var key = lines.Single(static line => line.StartsWith("pipeline_", StringComparison.Ordinal));
        var settings = lines.Where(static line => line.StartsWith("Pipeline__", StringComparison.Ordinal))
            .ToDictionary(static line => line.Split('=')[0], static line => line.Split('=')[1]);
        Assert.DoesNotContain(key, string.Concat(settings.Values), StringComparison.Ordinal);
        await using var service = await RunningStandalone.StartAsync(settings);
        var url = service.Url.ToString();

        var (refused, problem) = await BuiltProgram.RunAsync("status", "--url", url);
        Assert.NotEqual(0, refused);
        Assert.Contains("Say who you are", problem, StringComparison.Ordinal);
        Assert.Equal(0, (await BuiltProgram.RunAsync("status", "--url", url, "--key", key)).ExitCode);
        var variables = new Dictionary<string, string> { ["PIPELINE_KEY"] = key + "\n" };
        Assert.Equal(0, (await BuiltProgram.RunAsync(variables, "status", "--url", url)).ExitCode);
        var (forbidden, role) = await BuiltProgram.RunAsync(variables, "send", "--url", url, "--events", "1");
        Assert.Equal(1, forbidden);
        Assert.Contains("'producer'", role, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_are_never_the_same()
    {
        var (_, one) = await BuiltProgram.RunAsync("key", "me", "--roles", "reader");
        var (_, two) = await BuiltProgram.RunAsync("key", "me", "--roles", "reader");
        Assert.NotEqual(one, two);
    }

    [Theory]
    [InlineData("is no name of a key", "key", "a b", "--roles", "reader")]
    [InlineData("--roles", "key", "me")]
    [InlineData("'king' is no role", "key", "me", "--roles", "reader,king")]
    [InlineData("'operator:x' is no role", "key", "me", "--roles", "operator:x")]
    [InlineData("'reader:' is no role", "key", "me", "--roles", "reader:")]
    [InlineData("--seconds must not be negative", "send", "--seconds", "-1")]
    [InlineData("--events must not be negative", "send", "--events", "-1")]
    [InlineData("--rate must not be negative", "send", "--rate", "-0.5")]
    [InlineData("this is no key", "status", "--key", "a b")]
    public async Task What_is_wrong_is_told(string expected, params string[] arguments)
    {
        var (code, output) = await BuiltProgram.RunAsync(arguments);
        Assert.NotEqual(0, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }
}
