using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Problems;

/// <summary>Writes problems as application/problem+json.</summary>
internal static class ProblemWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = Problem.MediaType;
        if (problem.RetryAfter > 0)
        {
            response.Headers.RetryAfter = problem.RetryAfter.ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Task.CompletedTask;
        }

        using var json = new Utf8JsonWriter(response.BodyWriter, Options);
        Write(json, problem);
        json.Flush();
        return response.BodyWriter.FlushAsync().AsTask();
    }

    public static void Write(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Problem.TypePrefix + problem.Name);
        json.WriteString("title"u8, problem.Title);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, problem.Detail);
        if (problem.Expected is { } expected)
        {
            json.WriteNumber("expected"u8, expected);
        }

        if (problem.First is { } first)
        {
            json.WriteNumber("first"u8, first);
        }

        if (problem.Next is { } next)
        {
            json.WriteNumber("next"u8, next);
        }

        if (problem.Readers.Count > 0)
        {
            json.WriteStartArray("readers"u8);
            foreach (var reader in problem.Readers)
            {
                json.WriteStringValue(reader);
            }

            json.WriteEndArray();
        }

        if (problem.Stages.Count > 0)
        {
            json.WriteStartArray("stages"u8);
            foreach (var stage in problem.Stages)
            {
                WriteStage(json, stage);
            }

            json.WriteEndArray();
        }

        if (problem.Errors.Count > 0)
        {
            json.WriteStartArray("errors"u8);
            foreach (var error in problem.Errors)
            {
                WriteError(json, error);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>A stage that would lose its state: <c>{"stage","why"}</c>.</summary>
    public static void WriteStage(Utf8JsonWriter json, StageChange change)
    {
        json.WriteStartObject();
        json.WriteString("stage"u8, change.Stage);
        json.WriteString("why"u8, change.Why);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, ProblemError error)
    {
        json.WriteStartObject();
        if (error.Line > 0)
        {
            json.WriteNumber("line"u8, error.Line);
        }

        if (error.Column > 0)
        {
            json.WriteNumber("column"u8, error.Column);
        }

        if (error.Event > 0)
        {
            json.WriteNumber("event"u8, error.Event);
        }

        json.WriteString("reason"u8, error.Reason);
        json.WriteEndObject();
    }
}
