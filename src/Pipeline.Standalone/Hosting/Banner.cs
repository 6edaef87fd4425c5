using System.Globalization;
using Pipeline.Definitions;
using Pipeline.Runtime.Engine;
using Pipeline.Standalone.Options;

namespace Pipeline.Standalone.Hosting;

/// <summary>What the host prints once it accepts events: where it is, and what to do next.</summary>
internal static class Banner
{
    public static string Text(StandaloneOptions options, PipelineEngine engine)
    {
        var url = options.Urls[0].ToString().TrimEnd('/');
        var header = options.Access.IsConfigured ? " -H \"Authorization: Bearer $PIPELINE_KEY\"" : "";
        var lines = new List<string>
        {
            "",
            $"  Pipeline is running; data in {Path.GetFullPath(options.Data)}",
            "",
            $"  console        {url}/",
            $"  API document   {url}/openapi/v1.json",
        };
        var stream = engine.Streams.List().FirstOrDefault(s => s.Definition.IsIngest);
        if (stream is not null)
        {
            var name = stream.Name.Value;
            var isReading = stream.Definition.Key == "deviceId" && stream.Definition.Time == "ts";
            var sample = isReading
                ? $$"""{"deviceId":"dev-1","ts":"{{Now()}}","temperature":21.5}"""
                : Sample(stream.Definition);
            lines.Add("");
            lines.Add("  post an event:");
            lines.Add($"    curl{header} {url}/v1/streams/{name}/events "
                + $"-H 'Content-Type: application/json' -d '{sample}'");
            if (isReading)
            {
                lines.Add("  send many:");
                lines.Add($"    dotnet run -c Release --project src/Pipeline.Cli -- send --url {url} --stream {name} "
                    + "--seconds 20");
            }

            lines.Add("  see the result:");
            var result = Result(engine, stream.Definition.Pipeline) ?? name;
            lines.Add($"    curl{header} '{url}/v1/streams/{result}/events?max=10'");
        }

        lines.Add("");
        return string.Join('\n', lines);
    }

    /// <summary>An event that the stream takes, and that has a time where the stream says where to find one.</summary>
    private static string Sample(StreamDefinition stream)
    {
        string?[] fields =
        [
            stream.Key is { } key ? $"\"{key}\":\"dev-1\"" : null,
            stream.Time is { } time ? $"\"{time}\":\"{Now()}\"" : null,
        ];
        return $"{{{string.Join(',', fields.Where(static field => field is not null))}}}";
    }

    /// <summary>The stream behind the last stage of a pipeline that keeps one.</summary>
    private static string? Result(PipelineEngine engine, string pipeline) => engine.Pipelines.List()
        .Where(p => p.Name == pipeline)
        .SelectMany(p => p.Graph)
        .LastOrDefault(n => n.Stream is not null && n.Kind is "query" or "code")?.Stream;

    private static string Now() =>
        TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
