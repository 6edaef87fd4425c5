using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.Events;
using Pipeline.Http.Health;
using Pipeline.Http.Metrics;
using Pipeline.Http.Pages;
using Pipeline.Http.Pipelines;
using Pipeline.Http.Problems;
using Pipeline.Http.Streams;
using Pipeline.Http.Telemetry;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Ingestion;

namespace Pipeline.Http.Hosting;

/// <summary>Puts the HTTP interface of an engine into an ASP.NET application.</summary>
public static class PipelineHttp
{
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
        services.AddSingleton(new IngestBudgets(
            new IngestAdmission(options.MaxBytesInMemory), new IngestAdmission(options.MaxBytesInWork)));
        services.AddSingleton(new Ingestor(seed));
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<MeterReadings>();
        services.AddSingleton<EngineMeter>();
        services.AddSingleton<ChangeLog>();
        services.AddSingleton<PostEvents>();
        services.AddSingleton<GetEvents>();
        services.AddSingleton<StreamEndpoints>();
        services.AddSingleton<PipelineEndpoints>();
        services.AddSingleton<PutPipeline>();
        services.AddSingleton<DeadLetterEndpoint>();
        services.AddSingleton<VersionsEndpoint>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<MetricsEndpoint>();
        services.AddSingleton<ConsolePage>();
        services.AddRouting();
        services.AddPipelineAccess(options.Access);
        services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, context, _) =>
        {
            ApiDocument.Fill(document, Operations(context.ApplicationServices), options.Access.IsConfigured);
            return Task.CompletedTask;
        }));
        services.Configure<KestrelServerOptions>(kestrel => Limit(kestrel, options));
        return services;
    }

    public static void MapPipelineHttp(this WebApplication app)
    {
        app.Services.GetRequiredService<MeterReadings>();
        app.Services.GetRequiredService<EngineMeter>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UsePipelineAccess();
        var engine = app.Services.GetRequiredService<EngineAccess>();
        var changes = app.Services.GetRequiredService<ChangeLog>();
        var access = app.Services.GetRequiredService<AccessOptions>();
        foreach (var operation in Operations(app.Services))
        {
            app.MapMethods(operation.Path, [operation.Method], async (HttpContext context) =>
            {
                await engine.RefreshAsync(context);
                await RequestSpan.RunAsync(context, operation);
                changes.Log(operation, context);
            }).Guard(operation, access);
        }

        app.MapOpenApi("/openapi/{documentName}.json");
    }

    /// <summary>The host has applied its definitions: /health may say yes from now on.</summary>
    public static void SetPipelineReady(this WebApplication app) =>
        app.Services.GetRequiredService<EngineAccess>().IsHostReady = true;

    private static List<ApiOperation> Operations(IServiceProvider services) =>
    [
        .. ProcessOperations.All(
            services.GetRequiredService<HealthEndpoints>(),
            services.GetRequiredService<MetricsEndpoint>(),
            services.GetRequiredService<ConsolePage>()),
        .. EventOperations.All(
            services.GetRequiredService<PostEvents>(),
            services.GetRequiredService<GetEvents>(),
            services.GetRequiredService<StreamEndpoints>()),
        .. PipelineOperations.All(
            services.GetRequiredService<PipelineEndpoints>(),
            services.GetRequiredService<PutPipeline>(),
            services.GetRequiredService<VersionsEndpoint>(),
            services.GetRequiredService<DeadLetterEndpoint>()),
    ];

    /// <summary>Bodies are limited here, by stream and after decompression; so Kestrel need not.</summary>
    private static void Limit(KestrelServerOptions kestrel, PipelineHttpOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestBufferSize = options.MaxConnectionBufferBytes;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
    }
}
