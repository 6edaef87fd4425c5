using System.Text;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Sinks;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>An engine in this process, dropped without an end.</summary>
internal sealed class WorldSinkHost(
    ThreeStores stores,
    Func<string, string?> variables,
    Func<PipelineSettings, PipelineSettings>? change = null) : ISinkHost
{
    private PipelineWorld? _world;
    private int _starts;

    public PipelineWorld World => _world!;

    public static async Task<WorldSinkHost> OpenAsync(Func<string, string?> variables) =>
        new(await ThreeStores.FormatAsync(), variables);

    public async Task StartAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        _world = await PipelineWorld.StartAsync(stores, ++_starts, variables: variables, change: change);
    }

    public Task ApplyAsync(string text) => World.ApplyAsync(text);

    public Task AppendAsync(string stream, string handle, IReadOnlyList<string> values) =>
        World.AppendAsync(stream, handle, [.. values.Select(static value => ("", value))]);

    public Task UntilAsync(Func<StageInstanceStatus, bool> look) =>
        World.UntilAsync("t", status => look(status.Instances[0]));

    public async Task<IReadOnlyList<string>> LettersAsync() =>
        [.. (await World.Keeper.DeadLettersAsync("t", 0, 1_000, TestContext.Current.CancellationToken)).Letters
            .Select(static letter => Encoding.UTF8.GetString(letter.Span))];

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }

        await stores.DisposeAsync();
    }
}
