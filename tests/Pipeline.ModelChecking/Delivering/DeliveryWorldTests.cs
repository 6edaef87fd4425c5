using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.ModelChecking.Exploration;
using Pipeline.ModelChecking.Redefinition;
using Xunit;

namespace Pipeline.ModelChecking.Delivering;

/// <summary>
/// What a stage instance sends, says and writes, and when: each output is there once, checkpoints and watermarks cover
/// what is committed, and nothing is left undone; each known-bad variant is caught.
/// </summary>
public sealed class DeliveryWorldTests
{
    private const int StatesMax = 1_000_000;

    private static readonly DeliveryWorldOptions OneProcess = new()
    {
        Name = "one process",
        Plan = Route(),
        Input = ["001", "w1000"],
        Outlets = 2,
        Expected = ["0@A", "all 0@A"],
        Losses = 2,
    };

    private static readonly DeliveryWorldOptions TwoProcesses = OneProcess with
    {
        Name = "a process that takes over while the first goes on",
        Input = ["001"],
        Expected = ["0@A"],
        Processes = 2,
        Losses = 1,
    };

    [Fact]
    public void One_process_whose_answers_are_lost() => Holds(OneProcess);

    [Fact]
    public void Three_blocks() => Holds(OneProcess with
    {
        Name = "three blocks",
        Input = ["001", "110", "w1000"],
        Expected = ["0@A", "1@A", "all 01@A"],
        Losses = 1,
    });

    [Fact]
    public void A_process_that_takes_over_while_the_first_goes_on() => Holds(TwoProcesses);

    [Fact]
    public void A_process_that_takes_over_under_a_higher_term() => Holds(TwoProcesses with
    {
        Name = "a process that takes over under a higher term",
        HasTerms = true,
    });

    [Fact]
    public void A_checkpoint_before_its_outputs_are_committed() =>
        Catches(OneProcess, DeliveryFlaws.CheckpointEarly, "a checkpoint counts");

    [Fact]
    public void A_checkpoint_that_no_majority_took_and_that_is_forgotten() =>
        Catches(OneProcess, DeliveryFlaws.ForgetUnavailable, "the last checkpoint does not have all");

    [Fact]
    public void A_watermark_before_the_records_that_it_covers_are_committed() =>
        Catches(OneProcess, DeliveryFlaws.SayEarly, "a watermark before");

    private static InstancePlan Route() => new(0, 0, "A", "route")
    {
        Nodes =
        [
            new StageNode
            {
                Name = "route",
                Fingerprint = Hash128.Of(Encoding.UTF8.GetBytes("route")),
                Parent = -1,
                CreateOperator = static () => new RouteOperator("A", 1, hasTwin: false),
                Output = 0,
                NeedsWatermark = true,
            },
        ],
        Targets = [new StageTarget(1, 2, true)],
    };

    private static void Holds(DeliveryWorldOptions options)
    {
        var result = Run(options);
        Assert.True(result.Violation is null, result.ToString());
        Assert.True(result.IsComplete, "the world is larger than the search may be");
    }

    private static void Catches(DeliveryWorldOptions options, DeliveryFlaws flaw, string violation)
    {
        var result = Run(options with { Flaws = flaw });
        Assert.Contains(violation, result.Violation, StringComparison.Ordinal);
        Assert.NotEmpty(result.Schedule);
    }

    private static SearchResult Run(DeliveryWorldOptions options)
    {
        var result = new BreadthFirstSearch<DeliveryWorld>(new DeliveryWorld(options), StatesMax).Run();
        Console.WriteLine($"model checking, delivery: {options}: {result}");
        return result;
    }
}
