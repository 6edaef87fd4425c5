using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Clients;

/// <summary>Tails one partition of a stream through whatever process runs, and hands on every event it sees.</summary>
public sealed class LogReader(World world, SimulatedLoop loop, StreamName stream, int partition)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private LogPosition? _after;

    /// <summary>The next offset it reads.</summary>
    public long Next { get; private set; }

    /// <summary>Set once everything up to the committed end has been read.</summary>
    public long? CaughtUpAt { get; private set; }

    public void Start(Action<ReadEvent> saw) => loop.Post(_ => Run(saw), null);

    private async void Run(Action<ReadEvent> saw)
    {
        while (!world.IsOver)
        {
            var process = world.AnyReady(loop.Node.Draw) as EngineProcess;
            var outcome = process is null ? null : await Connection.CallAsync(loop, process, Timeout, () =>
                process.Engine.Streams.ListAll().FirstOrDefault(other => other.Name == stream) is { } found
                    && partition < found.Partitions.Count
                    ? found.Partitions[partition].ReadAsync(
                        new ReadRequest { From = new LogOffset(Next), After = _after, MaxBytes = 1 << 14 },
                        CancellationToken.None)
                    : ValueTask.FromResult(new ReadOutcome(ReadStatus.Unavailable)));
            loop.Queue.Trace.Add(
                loop.Queue.Now,
            -2,
            "read",
            $"{stream}/{partition} {outcome?.Status}",
            Next,
            outcome?.Blocks.Count ?? -1);
            if (outcome is { Status: ReadStatus.Ok })
            {
                Take(outcome, saw);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1 + loop.Node.Draw.Next(200)), loop.Time);
        }
    }

    private void Take(ReadOutcome outcome, Action<ReadEvent> saw)
    {
        foreach (var block in outcome.Blocks)
        {
            foreach (var read in BlockDecoder.Read(block))
            {
                if (read.Offset >= Next)
                {
                    saw(read);
                    Next = read.Offset + 1;
                }
            }
        }

        _after = outcome.Next ?? _after;
        CaughtUpAt = Next >= outcome.Committed.Value ? Next : null;
    }
}
