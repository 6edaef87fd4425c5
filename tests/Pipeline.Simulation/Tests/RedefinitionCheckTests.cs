using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Redefinitions;
using Pipeline.Simulation.Tracing;
using Pipeline.Simulation.Worlds;
using Xunit;

namespace Pipeline.Simulation.Tests;

/// <summary>
/// The checker of redefinitions against outputs written by hand: right ones, and each kind of wrong ones.
/// </summary>
public sealed class RedefinitionCheckTests
{
    private const int Partitions = 2;
    private const int Events = 20;
    private const int Cut = 12;

    private static readonly DrawnStage Stage = new()
    {
        Name = "h",
        From = DrawnStage.Events,
        FromPartitions = Partitions,
        Partitions = Partitions,
        Mark = 1,
    };

    private readonly World _world = new(new WorldOptions { Seed = 1, Partitions = Partitions }, new Trace());
    private readonly List<ReadEvent>[] _input = Logs();
    private readonly List<ReadEvent>[] _output = Logs();
    private readonly DrawnPipeline _before = new() { Name = "p", Stages = [Stage] };
    private readonly DrawnPipeline _after = new() { Name = "p", Stages = [Stage with { Key = "n" }] };

    /// <summary>Sent one a tick from 1 on; the new key is asked for at 10 and acknowledged at 14.</summary>
    public RedefinitionCheckTests()
    {
        var first = _world.Changes.Begin("p", _before, 0);
        first.Note(Knowledge.Acknowledged, 0, "");
        var second = _world.Changes.Begin("p", _after, 10);
        second.Note(Knowledge.Acknowledged, 14, "");
        for (var i = 1; i <= Events; i++)
        {
            var value = $$"""{"k":"k{{i % 5}}","c":0,"n":{{i}},"v":1}""";
            var sent = new SentEvent(0, $"k{i % 5}", i, value);
            _world.History.Requests.Add(new SentRequest { Events = [sent], HasHandle = true, SentAt = i });
            var input = new ReadEvent(0, sent.Key, value, i);
            _input[KeySlot.Of(Encoding.UTF8.GetBytes(sent.Key)).Partition(Partitions)].Add(input);
            Make(input, i <= Cut ? _before : _after);
        }
    }

    [Fact]
    public void Outputs_of_one_text_and_then_of_the_next_are_right() => Assert.Empty(Check());

    [Fact]
    public void An_output_that_is_missing_is_seen()
    {
        _output[0].RemoveAt(3);
        Assert.Contains("1 lost, 0 twice", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_there_twice_is_seen()
    {
        _output[0].Add(_output[0][2]);
        Assert.Contains("0 lost, 1 twice", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_by_the_key_of_both_texts_is_there_twice()
    {
        var input = _input.SelectMany(static log => log)
            .First(e => Number(e) <= Cut && Of(e, _after) != Of(e, _before));
        Make(input, _after);
        Assert.Contains("1 twice", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_in_another_partition_is_seen()
    {
        _output[1].Add(_output[0][0]);
        _output[0].RemoveAt(0);
        Assert.Contains("0 lost, 0 twice, ", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_goes_back_to_the_text_before_is_seen()
    {
        // 13 was sent before the answer, but 12 went through the new text already.
        Redo(static number => number is 12 ? 1 : 0, Cut + 3);
        Assert.NotEmpty(Check());
    }

    [Fact]
    public void An_event_sent_after_the_answer_does_not_go_through_the_text_before()
    {
        Redo(static _ => 0, Events);
        Assert.NotEmpty(Check());
    }

    [Fact]
    public void An_output_behind_a_later_one_is_seen()
    {
        (_output[0][0], _output[0][1]) = (_output[0][1], _output[0][0]);
        Assert.Contains("behind a later one", string.Join(' ', Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_no_text_makes_is_seen()
    {
        _output[0].Add(_output[0][0] with { Value = _output[0][0].Value.Replace("\"g\":1", "\"g\":2") });
        Assert.Contains("come from nowhere", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_was_refused_makes_nothing()
    {
        _world.Changes.Begin("p", new DrawnPipeline { Name = "p", Stages = [Stage with { Mark = 3 }] }, 15)
            .Note(Knowledge.Refused, 16, "");
        var last = _output.First(static log => log.Count > 0);
        last[^1] = last[^1] with { Value = last[^1].Value.Replace("\"g\":1", "\"g\":3") };
        Assert.NotEmpty(Check());
    }

    /// <summary>All outputs anew: by the new text after an event, and where it is said.</summary>
    private void Redo(Func<long, int> isNew, int cut)
    {
        Array.ForEach(_output, static log => log.Clear());
        foreach (var input in _input.SelectMany(static log => log).OrderBy(Number))
        {
            Make(input, Number(input) > cut || isNew(Number(input)) == 1 ? _after : _before);
        }
    }

    private IEnumerable<string> Check() => new RedefinitionCheck(_world, new StreamContents(
        new Dictionary<string, List<ReadEvent>[]> { [DrawnStage.Events] = _input, ["p.h"] = _output })).Check();

    private static long Number(ReadEvent input) => PassedEvent.Parse(input).Number;

    private static int Of(ReadEvent input, DrawnPipeline text) =>
        text.Stages[0].PartitionOf(text.Stages[0].Pass(PassedEvent.Parse(input))!.Value);

    private void Make(ReadEvent input, DrawnPipeline text)
    {
        var output = text.Stages[0].Pass(PassedEvent.Parse(input))!.Value;
        var value = input.Value.Replace("}", $",\"g\":{output.Path}}}");
        _output[Of(input, text)].Add(new ReadEvent(0, output.Key, value, input.AcceptedTime));
    }

    private static List<ReadEvent>[] Logs() =>
        [.. Enumerable.Range(0, Partitions).Select(static _ => new List<ReadEvent>())];
}
