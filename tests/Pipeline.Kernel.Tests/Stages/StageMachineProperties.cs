using System.Buffers;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

public sealed class StageMachineProperties
{
    [Fact]
    public void Crashes_at_any_point_with_any_part_of_the_outputs_received_change_nothing()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var draw = new Random(seed);
            var blocks = Input(draw);
            var expected = new Receiver();
            var straight = new StageMachine(Layout());
            blocks.FeedAll(straight);
            expected.Take(straight);

            var receiver = new Receiver();
            var checkpoint = Array.Empty<byte>();
            for (var crash = 0; crash < 5; crash++)
            {
                checkpoint = Run(draw, blocks, receiver, checkpoint, draw.Next(blocks.Count + 1));
            }

            Run(draw, blocks, receiver, checkpoint, blocks.Count);
            Assert.Equal(expected.All, receiver.All);
            Assert.True(expected.All.Any());
        }
    }

    [Fact]
    public void Neither_pauses_within_blocks_nor_crashes_in_them_change_anything()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var draw = new Random(seed);
            var blocks = Input(draw);
            var expected = new Receiver();
            var straight = new StageMachine(Layout());
            blocks.FeedAll(straight);
            expected.Take(straight);

            var layout = Layout() with { MaxStepBytes = draw.Next(12) };
            var receiver = new Receiver();
            var checkpoint = Array.Empty<byte>();
            for (var life = 0; life < 4; life++)
            {
                checkpoint = Step(draw, layout, blocks, receiver, checkpoint, life == 3 ? int.MaxValue : draw.Next(25));
            }

            Assert.Equal(expected.All, receiver.All);
        }
    }

    /// <summary>A life of so many steps: it may end within a block, with any part of the outputs received.</summary>
    private static byte[] Step(
        Random draw, StageLayout layout, Blocks blocks, Receiver receiver, byte[] checkpoint, int steps)
    {
        var machine = new StageMachine(layout);
        if (checkpoint.Length > 0)
        {
            machine.Load(checkpoint);
        }

        foreach (var outlet in machine.Outlets)
        {
            machine.Resume(outlet, receiver.Last(outlet));
        }

        for (var block = machine.Cursor.Block + 1; block < blocks.Count && steps > 0; steps--)
        {
            Assert.True(blocks.Feed(machine, block), machine.Failure);
            receiver.Take(machine, draw.Next(3));
            if (machine.IsWithinBlock)
            {
                continue;
            }

            block++;
            if (draw.Next(3) == 0)
            {
                receiver.Take(machine);
                var saved = new ArrayBufferWriter<byte>();
                machine.Save(saved);
                checkpoint = saved.WrittenSpan.ToArray();
            }
        }

        if (steps > 0)
        {
            receiver.Take(machine);
        }

        return checkpoint;
    }

    private static byte[] Run(Random draw, Blocks blocks, Receiver receiver, byte[] checkpoint, int until)
    {
        var machine = new StageMachine(Layout());
        if (checkpoint.Length > 0)
        {
            machine.Load(checkpoint);
        }

        foreach (var outlet in machine.Outlets)
        {
            machine.Resume(outlet, receiver.Last(outlet));
        }

        for (var block = machine.Cursor.Block + 1; block < until; block++)
        {
            Assert.True(blocks.Feed(machine, block), machine.Failure);
            receiver.Take(machine, draw.Next(3));
            if (draw.Next(3) == 0)
            {
                receiver.Take(machine);
                var saved = new ArrayBufferWriter<byte>();
                machine.Save(saved);
                checkpoint = saved.WrittenSpan.ToArray();
            }
        }

        if (until == blocks.Count)
        {
            receiver.Take(machine);
        }

        return checkpoint;
    }

    private static StageLayout Layout()
    {
        var layout = Layouts.Count();
        return layout with
        {
            Nodes =
            [
                Layouts.Node("echo", -1, () => new EchoOperator()) with { Output = 2 },
                layout.Nodes[0] with { Parent = 0 },
            ],
        };
    }

    private static Blocks Input(Random draw)
    {
        var blocks = new Blocks();
        var time = 0L;
        for (var block = 0; block < 12; block++)
        {
            if (draw.Next(4) == 0)
            {
                blocks.Watermark(time += draw.Next(15));
                continue;
            }

            blocks.Events([.. Enumerable.Range(0, draw.Next(1, 8)).Select(_ => (
                "abcdef"[draw.Next(6)].ToString(),
                draw.Next(10) == 0 ? "\"bad\"" : $"{(time += draw.Next(5)) - draw.Next(12) + 12}"))]);
        }

        return blocks.Watermark(time + 1_000);
    }
}
