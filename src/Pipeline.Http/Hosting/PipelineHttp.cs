using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Http.Access;
using Pipeline.Http.Alerts;
using Pipeline.Http.Api;
using Pipeline.Http.Backups;
using Pipeline.Http.Connections;
using Pipeline.Http.Consumers;
using Pipeline.Http.Engine;
using Pipeline.Http.Events;
using Pipeline.Http.Health;
using Pipeline.Http.History;
using Pipeline.Http.Operations;
using Pipeline.Http.Pages;
using Pipeline.Http.Pipelines;
using Pipeline.Http.Problems;
using Pipeline.Http.Streams;
using Pipeline.Http.Telemetry;
using Pipeline.Ingestion;
using Pipeline.Monitoring;
using Pipeline.Monitoring.Alerts;
using Pipeline.Monitoring.History;
using Pipeline.Monitoring.Metrics;
using Pipeline.Runtime.Engine;
using Pipeline.Storage.Metering;

namespace Pipeline.Http.Hosting;

/// <summary>Puts the HTTP interface of an engine into an ASP.NET application.</summary>
public static class PipelineHttp
{
    /// <summary>Whatever can be asked for can be asked for its headers alone: the server drops the body.</summary>
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddPipelineHttp(
        this IServiceCollection services, IEngine engine, PipelineHttpOptions options, Random seed) =>
        services.AddPipelineHttp(_ => engine, options, seed);

    /// <summary>The same for an engine that is itself a service.</summary>
    public static IServiceCollection AddPipelineHttp(
        this IServiceCollection services,
        Func<IServiceProvider, IEngine> engine,
        PipelineHttpOptions options,
        Random seed)
    {
        services.AddSingleton(provider => new EngineAccess(engine(provider)));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<IngestBudgets>();
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton<ServerRefusals>();
        services.AddSingleton<HealthBoard>();
        services.AddHostedService<HealthWatch>();
        services.AddSingleton<ReaderPatience>();
        services.AddSingleton<TailEvents>();
        services.AddSingleton(provider => new Ingestor(seed, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ChangeLog>();
        services.AddSingleton<PostEvents>();
        services.AddSingleton<GetEvents>();
        services.AddSingleton<StreamEndpoints>();
        services.AddSingleton<ConsumerEndpoints>();
        services.AddSingleton<PipelineEndpoints>();
        services.AddSingleton<PutPipeline>();
        services.AddSingleton<DeadLetterEndpoint>();
        services.AddSingleton<VersionsEndpoint>();
        services.AddSingleton<BackupEndpoints>();
        services.AddSingleton<HealthEndpoints>();
        services.AddMonitoring(options);
        services.AddSingleton<ConsoleAssets>();
        services.AddSingleton<ConsolePage>();
        services.AddSingleton<AssetEndpoint>();
        services.AddRouting();
        services.AddPipelineAccess(options.Access);
        services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, context, _) =>
        {
            ApiDocument.Fill(document, Operations(context.ApplicationServices), options.Access.IsConfigured);
            return Task.CompletedTask;
        }));
        services.AddOptions<KestrelServerOptions>().Configure<ConnectionGate>(
            (kestrel, gate) => Limit(kestrel, options, gate));
        return services;
    }

    public static void MapPipelineHttp(this WebApplication app)
    {
        app.UseMetrics();
        app.Services.GetRequiredService<EngineMeter>();
        app.Services.GetRequiredService<ConsumerGauges>();
        app.Services.GetRequiredService<ServerRefusals>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<SeatMiddleware>();
        app.UseMiddleware<BrowserGate>();
        app.UseRouting();
        app.UsePipelineAccess();
        var engine = app.Services.GetRequiredService<EngineAccess>();
        var changes = app.Services.GetRequiredService<ChangeLog>();
        var access = app.Services.GetRequiredService<AccessOptions>();
        foreach (var operation in Operations(app.Services).Concat(PlannedOperations.All))
        {
            app.MapMethods(operation.Path, MethodsOf(operation), (HttpContext context) =>
            {
                var refreshed = engine.RefreshAsync(context);
                return refreshed.IsCompletedSuccessfully
                    ? changes.RunAsync(operation, context)
                    : RunAfterAsync(refreshed, changes, operation, context);
            }).Guard(operation, access);
        }

        app.MapMethods(AssetEndpoint.Path, GetAndHead, app.Services.GetRequiredService<AssetEndpoint>().HandleAsync);
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(new HttpMethodMetadata(GetAndHead));
    }

    /// <summary>The host has applied its definitions: /health may say yes from now on.</summary>
    public static void SetPipelineReady(this WebApplication app) =>
        app.Services.GetRequiredService<WatchedEngine>().IsHostReady = true;

    /// <summary>What is counted, kept and told, and the endpoints that show it.</summary>
    private static void AddMonitoring(this IServiceCollection services, PipelineHttpOptions options)
    {
        services.AddSingleton(static provider => provider.GetRequiredService<EngineAccess>().Watched);
        services.AddSingleton(static provider =>
            new IngestMetrics(provider.GetRequiredService<MeterScope>(), RefusalNames.All));
        services.AddSingleton(static provider =>
        {
            var memory = provider.GetRequiredService<IngestBudgets>().Memory;
            return new EngineMeter(
                provider.GetRequiredService<MeterScope>(),
                provider.GetRequiredService<WatchedEngine>(),
                () => memory.InUse);
        });
        services.AddSingleton<ConsumerGauges>();
        services.AddHostedService<ConsumerWatch>();
        services.AddMetricsText();
        services.AddSingleton<HistoryRing>();
        services.AddSingleton<HistorySampler>();
        services.AddHostedService<HistoryWatch>();
        services.AddSingleton<HistoryEndpoint>();
        services.AddAlerts(options.Alerts);
        services.AddSingleton<AlertEndpoints>();
    }

    private static async Task RunAfterAsync(
        ValueTask refreshed, ChangeLog changes, ApiOperation operation, HttpContext context)
    {
        await refreshed;
        await changes.RunAsync(operation, context);
    }

    private static string[] MethodsOf(ApiOperation operation) =>
        HttpMethods.IsGet(operation.Method) ? GetAndHead : [operation.Method];

    private static List<ApiOperation> Operations(IServiceProvider services) =>
    [
        .. ProcessOperations.All(
            services.GetRequiredService<HealthEndpoints>(),
            services.GetRequiredService<MetricsEndpoint>(),
            services.GetRequiredService<ConsolePage>()),
        .. HistoryOperations.All(services.GetRequiredService<HistoryEndpoint>()),
        .. AlertOperations.All(services.GetRequiredService<AlertEndpoints>()),
        .. EventOperations.All(
            services.GetRequiredService<PostEvents>(),
            services.GetRequiredService<GetEvents>(),
            services.GetRequiredService<StreamEndpoints>()),
        .. ConsumerOperations.All(services.GetRequiredService<ConsumerEndpoints>()),
        .. PipelineOperations.All(
            services.GetRequiredService<PipelineEndpoints>(),
            services.GetRequiredService<PutPipeline>(),
            services.GetRequiredService<VersionsEndpoint>(),
            services.GetRequiredService<DeadLetterEndpoint>()),
        .. BackupOperations.All(services.GetRequiredService<BackupEndpoints>()),
    ];

    /// <summary>Bodies and connections are limited here; so Kestrel need not.</summary>
    private static void Limit(KestrelServerOptions kestrel, PipelineHttpOptions options, ConnectionGate gate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestBufferSize = options.MaxConnectionBufferBytes;
        kestrel.ConfigureEndpointDefaults(endpoint =>
            endpoint.Use(next => connection => gate.AcceptAsync(connection, next)));
    }
}
