using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Wire;

/// <summary>
/// Two versions run side by side during an upgrade: what one says, the other one must understand. The list beside this
/// file is what is said today.
/// </summary>
public sealed class WireContractTests
{
    private const string List = "tests/Pipeline.Grains.Tests/Wire/wire.txt";

    [Fact]
    public void What_is_said_on_the_wire_keeps_its_meaning()
    {
        var pinned = File.ReadAllLines(Path.Combine(Built.Root, List));
        var lines = WireContract.Lines();

        var gone = pinned.Except(lines).ToList();
        Assert.True(gone.Count == 0, "a running cluster's other version says this, or waits for it; leave it as it is "
            + $"and add a new field, method or message beside it:\n{string.Join('\n', gone)}");
        var added = lines.Except(pinned).ToList();
        Assert.True(added.Count == 0, $"new on the wire; add to {List}:\n{string.Join('\n', added)}");
    }

    [Fact]
    public void Everything_on_the_wire_has_a_name_of_its_own() =>
        Assert.DoesNotContain(
            WireContract.Lines(), static line => line.Contains("(no alias)", StringComparison.Ordinal));
}
