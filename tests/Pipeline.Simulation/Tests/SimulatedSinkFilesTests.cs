using Pipeline.Processing.Sinks;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Files;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Tracing;
using Pipeline.TestKit.Sinks;
using Xunit;

namespace Pipeline.Simulation.Tests;

public sealed class SimulatedSinkFilesTests : SinkFilesContract
{
    protected override async Task RunAsync(Func<ISinkFiles, string, Task> test)
    {
        var queue = new EventQueue(1, new Trace());
        var node = new SimulatedNode(1, queue, 1);
        var done = new TaskCompletionSource();
        node.NewLoop("test").Post(_ => Drive(), null);
        while (queue.RunOne())
        {
        }

        Assert.True(done.Task.IsCompleted, "the test still waits though nothing is left to happen");
        await done.Task;

        async void Drive()
        {
            try
            {
                await test(new SimulatedSinkFiles(node, new SimulatedFiles()), "/data/out");
                done.SetResult();
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }
    }
}
