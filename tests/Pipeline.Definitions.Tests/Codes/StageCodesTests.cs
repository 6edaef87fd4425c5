using System.Text;
using Pipeline.Definitions.Codes;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Definitions.Tests.Codes;

public sealed class StageCodesTests
{
    private const string Known = "Pipeline.Runtime.Codes.Samples.Scoring";

    private readonly StageCodes _codes = new(null);

    [Theory]
    [InlineData("Scoring")]
    [InlineData("Samples.Scoring")]
    [InlineData(Known)]
    public void The_sample_is_found_by_its_name_or_its_end(string name)
    {
        var made = _codes.Find(name, new Dictionary<string, string>(), null, out _, out var error);

        Assert.Null(error);
        Assert.IsType<CodeOperator>(made!());
    }

    [Fact]
    public void The_sample_keeps_the_name_that_states_know_it_by()
    {
        _codes.Find(
            "Samples.Scoring", new Dictionary<string, string> { ["field"] = "v" }, null, out var version, out _);

        Assert.Equal([Known], _codes.Names);
        Assert.Equal(Hash128.Of(Encoding.UTF8.GetBytes(Known + "\nfield=v")), version);
    }
}
