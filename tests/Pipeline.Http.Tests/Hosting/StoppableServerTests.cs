using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Http.Hosting;
using Xunit;

namespace Pipeline.Http.Tests.Hosting;

public class StoppableServerTests
{
    /// <summary>With Kestrel alone this ends the process of the tests: its heartbeat throws on a thread.</summary>
    [Fact]
    public async Task A_host_that_is_stopped_while_it_starts_does_not_start_its_server()
    {
        var slow = new SlowStart();
        await using var app = New(slow);
        var started = app.StartAsync();
        await app.StopAsync(new CancellationToken(canceled: true));
        slow.Go.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => started);
    }

    [Fact]
    public async Task A_host_that_started_serves_and_ends_as_before()
    {
        var slow = new SlowStart();
        slow.Go.SetResult();
        await using var app = New(slow);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal("hello", await client.GetStringAsync("/"));
        await app.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/"));
    }

    private static WebApplication New(SlowStart first)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHostedService(_ => first);
        StoppableServer.AddTo(builder.Services);
        var app = builder.Build();
        app.MapGet("/", static () => Results.Text("hello"));
        return app;
    }

    /// <summary>What starts before the server does, and takes its time.</summary>
    private sealed class SlowStart : IHostedService
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StartAsync(CancellationToken cancellationToken) => Go.Task;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
