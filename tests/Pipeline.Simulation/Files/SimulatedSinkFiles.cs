using Pipeline.Processing.Sinks;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;

namespace Pipeline.Simulation.Files;

/// <summary>
/// The file system as one process sees it: each call takes virtual time; a crash loses what is on its way.
/// </summary>
public sealed class SimulatedSinkFiles(SimulatedNode node, SimulatedFiles files) : ISinkFiles
{
    private const long DelayTicksMax = 5 * TimeSpan.TicksPerMillisecond;

    /// <summary>There are no links here.</summary>
    public async ValueTask<string> ResolveAsync(string path, CancellationToken cancellationToken) =>
        await CallAsync("resolve", path, () => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    /// <summary>Every directory is there.</summary>
    public async ValueTask CreateAsync(string directory, CancellationToken cancellationToken) =>
        await CallAsync("create", directory, static () => true);

    public async ValueTask<string?> ReadClaimAsync(string directory, CancellationToken cancellationToken) =>
        await CallAsync("read claim", directory, () => files.ReadClaim(directory));

    public async ValueTask<string> ClaimAsync(string directory, string claim, CancellationToken cancellationToken) =>
        await CallAsync("claim", directory, () => files.Claim(directory, claim));

    public async ValueTask OpenAsync(
        string directory, int partition, SinkActivation activation, CancellationToken cancellationToken) =>
        await CallAsync("open", $"{directory}/.{partition}-{activation}", () =>
        {
            files.Open(directory, partition, activation);
            return true;
        });

    public async ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
        await CallAsync("list", directory, () => files.List(directory));

    public async ValueTask<long> CountLinesAsync(string directory, string name, CancellationToken cancellationToken) =>
        await CallAsync("count", $"{directory}/{name}", () => files.CountLines(directory, name));

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string directory, string name, long position, int length, CancellationToken cancellationToken) =>
        await CallAsync("read", $"{directory}/{name}", () => files.Read(directory, name, position, length));

    public async ValueTask AppendAsync(
        string directory,
        string hiddenName,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken)
    {
        var copy = bytes.ToArray();
        await CallAsync("write", $"{directory}/{hiddenName}", () =>
        {
            files.Append(directory, hiddenName, position, copy);
            return true;
        });
    }

    public async ValueTask<SinkPublication> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken) =>
        await CallAsync("publish", $"{directory}/{name}", () => files.Publish(directory, hiddenName, name));

    private Task<T> CallAsync<T>(string what, string name, Func<T> apply)
    {
        var loop = SimulatedLoop.Current ?? throw new InvalidOperationException($"{what} was not called from a loop.");
        var answer = new TaskCompletionSource<T>();
        node.Queue.After(node.Draw.NextInt64(DelayTicksMax), () =>
        {
            if (node.IsCrashed && node.Draw.Next(2) == 0)
            {
                return;
            }

            node.Queue.Trace.Add(node.Queue.Now, node.Number, what, name);
            try
            {
                var result = apply();
                loop.Post(_ => answer.TrySetResult(result), null);
            }
            catch (IOException error)
            {
                loop.Post(_ => answer.TrySetException(error), null);
            }
        });
        return answer.Task;
    }
}
