using System.Text.Json;
using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Pipelines;

/// <summary>A pipeline as GET shows it.</summary>
internal static class PipelineJson
{
    /// <summary>Everything but the text of the definition, which only the pipeline's own page carries.</summary>
    public static void Write(Utf8JsonWriter json, PipelineStatus pipeline, bool withDefinition)
    {
        json.WriteStartObject();
        json.WriteString("name", pipeline.Name);
        json.WriteNumber("incarnation", pipeline.Incarnation);
        json.WriteNumber("generation", pipeline.Generation);
        json.WriteBoolean("paused", pipeline.IsPaused);
        json.WriteString("status", WordOf(pipeline.State));
        if (withDefinition)
        {
            json.WriteString("definition", pipeline.Definition);
            json.WriteString("mediaType", pipeline.MediaType);
        }

        WriteErrors(json, pipeline.Errors);
        WriteRefused(json, pipeline.Refused);
        json.WriteStartArray("graph");
        foreach (var node in pipeline.Graph)
        {
            WriteNode(json, node);
        }

        json.WriteEndArray();
        json.WriteStartArray("instances");
        foreach (var instance in pipeline.Instances)
        {
            WriteInstance(json, instance);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The word of the interface for a state; one that another host took over is starting again.</summary>
    public static string WordOf(StageInstanceState state) => state switch
    {
        StageInstanceState.CatchingUp => "catching-up",
        StageInstanceState.Running => "running",
        StageInstanceState.Paused => "paused",
        StageInstanceState.Blocked => "blocked",
        StageInstanceState.Failed => "failed",
        StageInstanceState.Unowned => "unowned",
        _ => "starting",
    };

    /// <summary>Why nothing of a stored definition can run; left out where it can.</summary>
    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<DefinitionError> errors)
    {
        if (errors.Count == 0)
        {
            return;
        }

        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
            json.WriteString("reason", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Its file that has changed and was not applied; left out where there is none.</summary>
    private static void WriteRefused(Utf8JsonWriter json, RefusedFile? refused)
    {
        if (refused is null)
        {
            return;
        }

        json.WriteStartObject("refused");
        json.WriteString("file", refused.File);
        json.WriteString("reason", "state-would-be-lost");
        json.WriteString("detail", refused.Detail);
        json.WriteStartArray("stages");
        foreach (var stage in refused.Lost)
        {
            ProblemWriter.WriteStage(json, stage);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, StageGraphNode node)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        json.WriteString("kind", node.Kind);
        json.WriteString("from", node.From);
        if (node.Further.Count > 0)
        {
            json.WriteStartArray("further");
            foreach (var from in node.Further)
            {
                json.WriteStringValue(from);
            }

            json.WriteEndArray();
        }

        json.WriteString("group", node.Group);
        json.WriteString("stream", node.Stream);
        json.WriteEndObject();
    }

    private static void WriteInstance(Utf8JsonWriter json, StageInstanceStatus instance)
    {
        json.WriteStartObject();
        json.WriteString("stage", instance.Stage);
        json.WriteString("input", instance.Input);
        json.WriteNumber("partition", instance.Partition);
        json.WriteString("state", WordOf(instance.State));
        json.WriteNumber("cursor", instance.Cursor);
        json.WriteNumber("lagEvents", instance.LagEvents);
        json.WriteNumber("lagSeconds", instance.LagSeconds);
        json.WriteTime("watermark", instance.Watermark);
        json.WriteStartObject("checkpoint");
        if (instance.CheckpointCursor is { } cursor)
        {
            json.WriteNumber("cursor", cursor);
        }

        json.WriteTime("time", instance.CheckpointTime);
        if (instance.CheckpointBytes is { } bytes)
        {
            json.WriteNumber("bytes", bytes);
        }

        json.WriteEndObject();
        json.WriteNumber("read", instance.Counts.Read);
        json.WriteNumber("written", instance.Counts.Written);
        json.WriteNumber("deadLetters", instance.Counts.DeadLetters);
        json.WriteNumber("late", instance.Counts.Late);
        json.WriteString("error", instance.Error);
        json.WriteTime("reported", instance.Reported);
        json.WriteEndObject();
    }
}
