using System.Text.Json;

namespace Pipeline.Cli.Output;

/// <summary>What the service said at one look.</summary>
internal sealed record TopAnswers(JsonElement Health, JsonElement Streams, JsonElement Pipelines, JsonElement Alerts);
