using Pipeline.Cli.Chaos;
using Xunit;

namespace Pipeline.Cli.Tests.Chaos;

public sealed class DeliveryCheckTests
{
    private readonly Dictionary<string, KeyRecord> _keys = new() { ["a"] = new(), ["b"] = new() };

    public DeliveryCheckTests()
    {
        Send("a", 4);
        _keys["a"].Acknowledge();
        Send("a", 1);
        Send("b", 2);
        _keys["b"].Acknowledge();
    }

    [Fact]
    public void What_was_acknowledged_is_there_once_and_in_order()
    {
        var check = Check(("a", 0), ("b", 0), ("a", 1), ("a", 2), ("b", 1), ("a", 3));
        Assert.Equal((0, 0, 0, 0, 6), Counts(check));
    }

    [Fact]
    public void What_was_sent_and_not_acknowledged_may_be_there()
    {
        var check = Check(("a", 0), ("a", 1), ("a", 2), ("a", 3), ("a", 4), ("b", 0), ("b", 1));
        Assert.Equal((0, 0, 0, 0, 7), Counts(check));
    }

    [Fact]
    public void Each_way_of_being_wrong_is_counted_by_itself()
    {
        Assert.Equal((2, 0, 0, 0, 4), Counts(Check(("a", 0), ("a", 1), ("a", 2), ("a", 3))));
        Assert.Equal((5, 1, 0, 0, 1), Counts(Check(("a", 0), ("a", 0))));
        Assert.Equal((4, 0, 1, 0, 2), Counts(Check(("a", 1), ("a", 0))));
        Assert.Equal((6, 0, 0, 3, 0), Counts(Check(("a", 5), ("b", -1), ("c", 0))));
        Assert.Equal((6, 0, 0, 0, 0), Counts(Check()));
    }

    private void Send(string key, int events)
    {
        for (var i = 0; i < events; i++)
        {
            _keys[key].Next();
        }
    }

    private DeliveryCheck Check(params (string Key, long Number)[] found)
    {
        var check = new DeliveryCheck("stream", _keys);
        foreach (var (key, number) in found)
        {
            check.Take(key, number);
        }

        return check;
    }

    private static (long Lost, long Twice, long Disordered, long Foreign, long Found) Counts(DeliveryCheck check) =>
        (check.Lost, check.Duplicates, check.Disordered, check.Foreign, check.Found);
}
