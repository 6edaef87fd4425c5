using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class BlobSinkReaderTests
{
    private const string Container = "'blob': 'container' must be written as "
        + "https://account.blob.core.windows.net/container, which the host's identity opens, or be one variable, "
        + "${NAME}, with any address or connection string.";

    [Theory]
    [InlineData("https://acc1.blob.core.windows.net/events", "https://acc1.blob.core.windows.net/events|out/hot")]
    [InlineData("${C}", "${C}|out/hot")]
    public void A_container_is_Azures_own_or_a_variable(string container, string signature)
    {
        var outcome = Read($"container: \"{container}\", path: out/hot/, roll: {{ size: 1MiB, every: 3s }}");
        Assert.Empty(outcome.Errors);
        var sink = Assert.IsType<BlobSinkDefinition>(outcome.Definition!.Sinks[0].Target);
        Assert.Equal(("blob", signature, 1L << 20), (sink.Kind, sink.Signature, sink.RollBytes));
        Assert.Equal(TimeSpan.FromSeconds(3), sink.RollEvery);
    }

    [Theory]
    [InlineData("path: a", "'blob' lacks the field 'container'.")]
    [InlineData("container: '${C}'", "'blob' lacks the field 'path'.")]
    [InlineData("container: https://evil.example/c, path: a", Container)]
    [InlineData("container: https://acc.blob.core.windows.net.evil.example/c, path: a", Container)]
    [InlineData("container: http://acc1.blob.core.windows.net/events, path: a", Container)]
    [InlineData("container: 'https://acc1.blob.core.windows.net/events?sig=a', path: a", Container)]
    [InlineData("container: 'https://${C}/events', path: a", Container)]
    [InlineData("container: 'AccountName=a;AccountKey=b;Container=c', path: a", Container)]
    [InlineData(
        "container: '${C}', path: a/../b",
        "'blob': 'path' must be names parted by '/', as out/alarms, without '.' and '..'.")]
    [InlineData("container: '${C}', path: '/'", "'blob': 'path' must be names parted by '/'")]
    [InlineData("container: '${C}', path: '${C}'", "'path' must be written out, not '${C}'")]
    [InlineData("container: '${C}', path: a, rol: x", "'blob' has no field 'rol'. Did you mean 'roll'?")]
    public void A_mistake_is_told_with_what_to_do(string fields, string error) => Assert.Contains(
        Read(fields).Errors, found => found.ToString().Contains($"Sink 'b': {error}", StringComparison.Ordinal)
            || found.ToString().Contains(error, StringComparison.Ordinal));

    private static DefinitionOutcome Read(string fields) => DefinitionReader.Read(
        $"name: a\nstreams: {{ x: {{ }} }}\nsinks: {{ b: {{ from: x, blob: {{ {fields} }} }} }}",
        DefinitionVariables.Of("*", static _ => "UseDevelopmentStorage=true"));
}
