using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Backups.Service;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;

namespace Pipeline.Http.Backups;

/// <summary>/v1/backups: makes one, lists them, shows one with its cut.</summary>
internal sealed class BackupEndpoints(EngineAccess access)
{
    public Task StartAsync(HttpContext context) => AnswerAsync(
        context,
        backups => backups.StartAsync(context.RequestAborted),
        answer => JsonAnswer.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("id", answer.Id);
                json.WriteEndObject();
            },
            StatusCodes.Status202Accepted));

    public Task ListAsync(HttpContext context) => AnswerAsync(
        context,
        backups => backups.ListAsync(context.RequestAborted),
        answer => JsonAnswer.WriteAsync(context, json => Write(json, answer)));

    public Task GetAsync(HttpContext context) => AnswerAsync(
        context,
        backups => backups.GetAsync((string)context.Request.RouteValues["id"]!, context.RequestAborted),
        answer => JsonAnswer.WriteAsync(context, json => Write(json, answer.Backups[0], withStreams: true)));

    private async Task AnswerAsync(
        HttpContext context, Func<IBackups, ValueTask<BackupAnswer>> ask, Func<BackupAnswer, Task> write)
    {
        if (!access.TryGetBackups(out var backups, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var answer = await ask(backups);
        if (answer.Status is BackupStatus.Done or BackupStatus.Started)
        {
            await write(answer);
            return;
        }

        var detail = answer.Detail ?? "";
        await ProblemWriter.WriteAsync(context, answer.Status switch
        {
            BackupStatus.NotConfigured => Problem.NotConfigured(detail),
            BackupStatus.Busy => Problem.Conflict(detail),
            BackupStatus.NotFound => Problem.NotFound(detail),
            _ => Problem.Unavailable(detail),
        });
    }

    private static void Write(Utf8JsonWriter json, BackupAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("to", answer.To);
        json.WriteString("schedule", answer.Schedule);
        json.WriteString("keep", answer.Keep);
        if (answer.LastDrill is { } drill)
        {
            json.WriteStartObject("lastDrill");
            json.WriteTime("time", drill.Time.UtcTicks);
            json.WriteString("backup", drill.Backup);
            json.WriteBoolean("ok", drill.IsOk);
            json.WriteNumber("seconds", drill.Seconds);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("lastDrill");
        }

        json.WriteStartArray("backups");
        foreach (var backup in answer.Backups)
        {
            Write(json, backup, withStreams: false);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BackupView backup, bool withStreams)
    {
        json.WriteStartObject();
        json.WriteString("id", backup.Id);
        json.WriteString("state", backup.State);
        json.WriteTime("started", backup.Started?.UtcTicks);
        json.WriteTime("cut", backup.Cut?.UtcTicks);
        json.WriteTime("finished", backup.Finished?.UtcTicks);
        json.WriteNumber("bytes", backup.Bytes);
        json.WriteNumber("newBytes", backup.NewBytes);
        json.WriteNumber("events", backup.Events);
        json.WriteString("reason", backup.Reason);
        if (withStreams)
        {
            json.WriteStartArray("streams");
            foreach (var stream in backup.Streams)
            {
                Write(json, stream);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BackupStreamView stream)
    {
        json.WriteStartObject();
        json.WriteString("name", stream.Name);
        json.WriteStartArray("partitions");
        foreach (var partition in stream.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Partition);
            json.WriteNumber("first", partition.First);
            json.WriteNumber("end", partition.End);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
