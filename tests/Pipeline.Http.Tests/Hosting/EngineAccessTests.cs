using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Pipeline.Backups.Service;
using Pipeline.Http.Engine;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Xunit;

namespace Pipeline.Http.Tests.Hosting;

/// <summary>What a request has asked of other processes before it is answered: no more than it shows.</summary>
public sealed class EngineAccessTests
{
    [Theory]
    [InlineData("GET", "/v1/streams/known/events?from=7", "nothing")]
    [InlineData("GET", "/v1/streams/known/events", "stream known")]
    [InlineData("GET", "/v1/streams/known/events?from=latest", "stream known")]
    [InlineData("POST", "/v1/streams/known/events", "nothing")]
    [InlineData("POST", "/v1/streams/known/watermark", "nothing")]
    [InlineData("GET", "/v1/streams/other/events", "catalog")]
    [InlineData("POST", "/v1/streams/other/events", "catalog")]
    [InlineData("POST", "/v1/streams/other/watermark", "catalog")]
    [InlineData("GET", "/v1/streams/known", "stream known")]
    [InlineData("GET", "/v1/streams/other", "stream other")]
    [InlineData("GET", "/v1/streams", "catalog")]
    [InlineData("GET", "/v1/pipelines", "pipelines")]
    [InlineData("GET", "/v1/pipelines/p", "pipeline p")]
    [InlineData("PUT", "/v1/pipelines/p", "nothing")]
    [InlineData("DELETE", "/v1/pipelines/p", "nothing")]
    [InlineData("GET", "/health", "nothing")]
    [InlineData("GET", "/metrics", "nothing")]
    public async Task A_request_asks_for_what_it_shows(string method, string path, string asked)
    {
        var engine = new AskedEngine();
        var context = new DefaultHttpContext();
        var query = path.IndexOf('?', StringComparison.Ordinal);
        context.Request.QueryString = new QueryString(query < 0 ? "" : path[query..]);
        path = query < 0 ? path : path[..query];
        (context.Request.Method, context.Request.Path) = (method, path);
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 2)
        {
            context.Request.RouteValues[parts[1] == "streams" ? "stream" : "pipeline"] = parts[2];
        }

        await new EngineAccess(engine).RefreshAsync(context);
        Assert.Equal(asked, engine.Asked);
    }

    private sealed class AskedEngine : IEngine, IStreams
    {
        public string Asked { get; private set; } = "nothing";

        public EngineState State => EngineState.Running;

        public EngineHealth Health => throw new NotSupportedException();

        public IStreams Streams => this;

        public IPipelines Pipelines => throw new NotSupportedException();

        public IRecords Records => throw new NotSupportedException();

        public IBackups Backups => throw new NotSupportedException();

        public ValueTask RefreshAsync(EngineQuestion about, CancellationToken cancellationToken)
        {
            Asked = about switch
            {
                { Stream: { } stream } => $"stream {stream}",
                { HasPipelines: true, Pipeline: { } name } => $"pipeline {name}",
                { HasPipelines: true } => "pipelines",
                _ => "catalog",
            };
            return ValueTask.CompletedTask;
        }

        public IReadOnlyList<IStream> List() => [];

        public bool TryGet(StreamName name, [NotNullWhen(true)] out IStream? stream)
        {
            stream = null!;
            return name.Value == "known";
        }

        public bool IsNotMaterialized(StreamName name) => false;
    }
}
