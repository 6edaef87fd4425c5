using Pipeline.Simulation.Checkers;
using Pipeline.Simulation.Histories;
using Xunit;

namespace Pipeline.Simulation.Tests;

public sealed class LinearizableRegisterTests
{
    [Fact]
    public void A_line_of_appends_and_reads_is_linearizable() => Assert.Empty(LinearizableRegister.Check(
        [Append(1, 0, 1, 1), Read(2, 3, 1), Append(2, 2, 5, 1, 2), Append(3, 4), Read(6, 7, 1, 2, 3)]));

    [Fact]
    public void Two_histories_are_found() => Assert.NotEmpty(LinearizableRegister.Check(
        [Append(1, 0, 10, 1), Append(2, 0, 10, 2, 1)]));

    [Fact]
    public void A_stale_read_is_found() => Assert.NotEmpty(LinearizableRegister.Check(
        [Append(1, 0, 1, 1), Read(2, 3)]));

    [Fact]
    public void A_lost_append_is_found() => Assert.NotEmpty(LinearizableRegister.Check(
        [Append(1, 0, 1, 1), Append(2, 2, 3, 2)]));

    [Fact]
    public void An_append_done_twice_is_found() => Assert.NotEmpty(LinearizableRegister.Check(
        [Append(1, 0), Read(2, 3, 1, 1)]));

    [Fact]
    public void A_value_from_the_future_is_found() => Assert.NotEmpty(LinearizableRegister.Check(
        [Read(0, 1, 1), Append(1, 2, 3, 1)]));

    private static RegisterOperation Append(int id, long from, long? to = null, params int[] value) =>
        new() { Appends = id, From = from, To = to, Value = value };

    private static RegisterOperation Read(long from, long to, params int[] value) =>
        new() { From = from, To = to, Value = value };
}
