using Microsoft.OpenApi;

namespace Pipeline.Http.Api;

/// <summary>The schemas that the API document names.</summary>
internal static class ApiSchemas
{
    public static Dictionary<string, IOpenApiSchema> All() => new(
        EventSchemas().Concat(ConsumerSchemas())
            .Concat(PipelineSchemas()).Concat(ProcessSchemas()).Concat(AlertSchemas()).Concat(BackupSchemas()));

    private static Dictionary<string, IOpenApiSchema> EventSchemas() => new()
    {
        ["Value"] = new OpenApiSchema { Description = "Any JSON value; nesting up to 64. Kept byte for byte." },
        ["Lines"] = Text("One JSON value a line."),
        ["Page"] = Text("HTML."),
        ["Metrics"] = Text("Prometheus text format 0.0.4, or OpenMetrics 1.0.0."),
        ["Definition"] = Text("One pipeline definition, YAML or JSON."),
        ["Accepted"] = Object(
            "What became of the events. A repeat under the same handle gives the same positions.",
            ("accepted", Whole("Events written now.")),
            ("duplicates", Whole("Events that were there already.")),
            ("positions", List("By partition, one entry a contiguous run.", Object(
                "A contiguous run.",
                ("partition", Whole("Number of the partition.")),
                ("first", Whole("Offset of the first event.")),
                ("count", Whole("Number of events.")))))),
        ["Event"] = Object(
            "A committed event.",
            ("partition", Whole("Number of the partition.")),
            ("offset", Whole("Its offset.")),
            ("key", Text("Its key, if it has one.")),
            ("time", Time("Time of acceptance, monotone in a partition.")),
            ("trace", Text("With trace=true: the id of the trace it was appended in, where that was recorded.")),
            ("value", new OpenApiSchema { Description = "The value as it was posted." }),
            ("cloudevent", new OpenApiSchema { Description = "CloudEvents attributes, where it came as one." })),
        ["Stream"] = Object(
            "A stream; committed and next are exclusive ends.",
            ("name", Text("Its name.")),
            ("pipeline", Text("Whose definition declares it.")),
            ("stage", Text("The stage that writes it; null: clients do.")),
            ("key", Text("The key field.")),
            ("time", Text("The event time field.")),
            ("retentionSeconds", Number("How long events are kept; null: for ever.")),
            ("partitions", List("By number.", PartitionSchema())),
            ("gaps", List("Outputs that are missing because the stage was fused and nobody read it.", Object(
                "A gap.",
                ("partition", Whole("The partition of the output and of the input.")),
                ("beforeOffset", Whole("The first offset after the gap.")),
                ("inputFrom", Whole("The first input offset whose outputs are missing.")),
                ("inputTo", Whole("The input offset after the last of them.")))))),
        ["Streams"] = List("All streams, by name.", Reference("Stream")),
        ["Watermark"] = Object(
            "The watermark: a time, or the end.",
            ("time", Time("No earlier event will come.")),
            ("end", Flag("true: no event at all will come."))),
    };

    private static Dictionary<string, IOpenApiSchema> ConsumerSchemas() => new()
    {
        ["Consumer"] = Object(
            "How far a consumer has come.",
            ("changed", Flag("With PUT: false where it was there before.")),
            ("name", Text("Its name.")),
            ("stream", Text("The stream it reads.")),
            ("created", Time("When it was made.")),
            ("committed", Time("When it last said how far it is; null: never.")),
            ("lagEvents", Whole("Committed events that it has not done.")),
            ("partitions", List("By number.", Object(
                "Of one partition.",
                ("partition", Whole("Its number.")),
                ("offset", Whole("The next event it has not done.")),
                ("end", Whole("End of the committed events.")),
                ("lagEvents", Whole("Those it has not done.")),
                ("lost", Whole("Those that were deleted before it had done them.")))))),
        ["Consumers"] = List("A stream's consumers, by name.", Reference("Consumer")),
        ["Commit"] = Object(
            "How far it has come.",
            ("offsets", new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "By partition, the next event that it has not done.",
                AdditionalProperties = Whole("An offset."),
            })),
    };

    private static Dictionary<string, IOpenApiSchema> PipelineSchemas() => new()
    {
        ["Pipeline"] = Object(
            "A pipeline.",
            ("name", Text("Its name.")),
            ("generation", Whole("Rises with each change.")),
            ("paused", Flag("Whether it was paused.")),
            ("status", Text("starting, catching-up, running, paused, blocked, failed or unowned: its worst instance.")),
            ("definition", Text("The text as it was applied (only for a single pipeline).")),
            ("refused", Object(
                "Its file, where that has changed and was not applied: the definition before it goes on.",
                ("file", Text("Its name.")),
                ("reason", Text("state-would-be-lost.")),
                ("detail", Text("What to do.")),
                ("stages", LostStages()))),
            ("graph", List("What reads what.", new OpenApiSchema { Type = JsonSchemaType.Object })),
            ("instances", List("Stage instances: cursor, lag, watermark, checkpoint, errors.",
                new OpenApiSchema { Type = JsonSchemaType.Object }))),
        ["Pipelines"] = List("All pipelines, by name.", Reference("Pipeline")),
        ["Applied"] = Object(
            "The definition is in force.",
            ("changed", Flag("False where it was in force before.")),
            ("name", Text("The pipeline.")),
            ("generation", Whole("Its generation now.")),
            ("pending", List("With 202: partitions that do not serve yet.", Text("stream/number")))),
        ["Rollback"] = Object("An earlier text.", ("generation", Whole("Its generation."))),
        ["Versions"] = Object(
            "The texts that were in force.",
            ("generation", Whole("The generation in force.")),
            ("versions", List("Oldest first.", Object(
                "A text that was replaced.",
                ("generation", Whole("Its generation.")),
                ("replaced", Time("When another text took its place.")),
                ("mediaType", Text("application/yaml or application/json.")),
                ("definition", Text("The text as it was applied.")))))),
        ["DeadLetters"] = Object(
            "A page of dead letters.",
            ("deadLetters", List("Cause, attempts and original bytes.",
                new OpenApiSchema { Type = JsonSchemaType.Object })),
            ("next", Whole("Pass it as from to go on."))),
    };

    private static Dictionary<string, IOpenApiSchema> ProcessSchemas() => new()
    {
        ["Health"] = Object(
            "What the process is doing.",
            ("status", Text("ok, degraded (it works, and a person should look) or failed.")),
            ("checks", List("What was looked at.", Object(
                "One check.",
                ("name", Text("What it is.")),
                ("status", Text("ok, degraded or failed.")),
                ("reason", Text("Why; null where it is ok.")),
                ("since", Time("Since when its status is so."))))),
            ("state", Text("created, starting, running, stopped, fenced or refused.")),
            ("accepting", Flag("Whether events are accepted.")),
            ("detail", Text("Why not.")),
            ("partitions", Whole("Partitions there are.")),
            ("partitionsServing", Whole("Partitions that accept events.")),
            ("stores", List("One per configured store.", new OpenApiSchema { Type = JsonSchemaType.Object }))),
        ["History"] = Object(
            "The last hour.",
            ("everySeconds", Whole("Time between two values.")),
            ("first", Time("Time of the first value; null where there is none.")),
            ("count", Whole("Values in each series.")),
            ("series", List("What is known.", Object(
                "A series.",
                ("name", Text("accepted, bytes, latencyP50, latencyP99, appended, lag, deadLetters or stores.")),
                ("unit", Text("What a value counts.")),
                ("of", Text("host: this process alone. service: all of it, as this process knows it.")),
                ("pipeline", Text("The pipeline it is about; null: all.")),
                ("values", List("Oldest first; null where nothing is known.", Number("A value."))))))),
        ["Problem"] = Object(
            "RFC 9457. The type is urn:pipeline:problem:{name}.",
            ("type", Text("urn:pipeline:problem:{name}")),
            ("title", Text("What went wrong, in general.")),
            ("status", Whole("The status code.")),
            ("detail", Text("What went wrong here.")),
            ("expected", Whole("With producer-gap: the number to send next.")),
            ("first", Whole("With offset-gone, offset-beyond-end: the first offset there is.")),
            ("next", Whole("With offset-beyond-end: the end, exclusive.")),
            ("readers", List(
                "With in-use: who reads what it would drop.", Text("pipeline.stage, or consumer and its name"))),
            ("stages", LostStages()),
            ("errors", List("The mistakes.", Object(
                "One mistake.",
                ("line", Whole("Line of the body, from 1.")),
                ("column", Whole("Byte in the line, from 1.")),
                ("event", Whole("Number of the event, from 1.")),
                ("reason", Text("What is wrong.")))))),
    };

    private static Dictionary<string, IOpenApiSchema> AlertSchemas() => new()
    {
        ["Alerts"] = Object(
            "Alerts as this process sees them.",
            ("telling", Flag("Whether it is this process that tells the targets.")),
            ("alerts", List("Those that fire.", Object(
                "One, for one thing.",
                ("name", Text("Its name.")),
                ("severity", Text("critical or warning.")),
                ("labels", new OpenApiSchema { Type = JsonSchemaType.Object, Description = "What it is about." }),
                ("value", Number("In the rule's unit.")),
                ("since", Time("Since when.")),
                ("summary", Text("What it means.")),
                ("runbook", Text("Where to read what to do.")),
                ("silencedUntil", Time("Nobody is told until then.")),
                ("lastNotification", Notification())))),
            ("rules", List("All that are looked at.", Object(
                "A rule.",
                ("name", Text("Its name.")),
                ("severity", Text("critical or warning.")),
                ("above", Number("It holds for what is greater.")),
                ("forSeconds", Number("How long it must hold.")),
                ("enabled", Flag("Whether it is looked at.")),
                ("silencedUntil", Time("Nobody is told until then.")),
                ("lastNotification", Notification())))),
            ("targets", List("Who is told.", Text("A name of the settings.")))),
        ["Silence"] = Object("For how long.", ("for", Text("As 30s, 5m, 1h, 2d; 0s ends it."))),
        ["Silenced"] = Object(
            "The silence.", ("name", Text("The alert.")), ("silencedUntil", Time("Nobody is told until then."))),
        ["AlertTest"] = Object("How the test went.", ("targets", List("Who was told.", Object(
            "One.",
            ("name", Text("Its name in the settings.")),
            ("delivered", Flag("Whether it arrived.")),
            ("error", Text("Why not.")))))),
    };

    private static Dictionary<string, IOpenApiSchema> BackupSchemas() => new()
    {
        ["BackupBegun"] = Object("A backup has begun.", ("id", Text("Its id."))),
        ["Backup"] = Object(
            "A backup.",
            ("id", Text("Its id.")),
            ("state", Text("running, done or failed.")),
            ("started", Time("When it began.")),
            ("cut", Time("All that was acknowledged before is in it; null until it is done.")),
            ("finished", Time("When it was whole.")),
            ("bytes", Whole("Bytes that it consists of.")),
            ("newBytes", Whole("Bytes that no earlier backup had.")),
            ("events", Whole("Events in it.")),
            ("reason", Text("Why it failed.")),
            ("streams", List("The cut (only for a single backup).", Object(
                "A stream.",
                ("name", Text("Its name.")),
                ("partitions", List("By number.", Object(
                    "A partition.",
                    ("partition", Whole("Its number.")),
                    ("first", Whole("The first offset.")),
                    ("end", Whole("The offset after the last event."))))))))),
        ["Backups"] = Object(
            "All backups.",
            ("to", Text("Where they go; null: nowhere, Pipeline:Backup:To is not set.")),
            ("schedule", Text("When they are made, a cron expression in UTC; null: when somebody asks.")),
            ("keep", Text("Which are kept; null: all.")),
            ("lastDrill", Object(
                "The last restore that was rehearsed and went well; null: none.",
                ("time", Time("When.")),
                ("backup", Text("Of which backup.")),
                ("ok", Flag("true.")),
                ("seconds", Number("How long it took.")))),
            ("backups", List("Newest first.", Reference("Backup")))),
    };

    private static OpenApiSchema LostStages() => List("With state-would-be-lost: whose state it would drop.", Object(
        "A stage.",
        ("stage", Text("Its name; of another pipeline that reads what changes, behind that one's and a dot.")),
        ("why", Text("A sentence."))));

    private static OpenApiSchema Notification() => Object(
        "What was said last; null: nothing.",
        ("time", Time("When.")),
        ("target", Text("To whom.")),
        ("status", Text("firing or resolved.")),
        ("error", Text("Why it did not arrive; null: it did.")));

    public static OpenApiSchemaReference Reference(string name) => new(name);

    private static OpenApiSchema PartitionSchema() => Object(
        "A partition.",
        ("partition", Whole("Its number.")),
        ("first", Whole("The first offset kept.")),
        ("committed", Whole("End of the committed events.")),
        ("next", Whole("End of all events, committed or not.")),
        ("bytes", Whole("Bytes kept, one copy.")),
        ("oldest", Time("Acceptance of the first event kept.")),
        ("newest", Time("Acceptance of the last event.")),
        ("serving", Flag("Whether it accepts events.")));

    private static OpenApiSchema Object(string text, params (string Name, IOpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = text,
        Properties = members.ToDictionary(m => m.Name, m => m.Schema),
    };

    private static OpenApiSchema List(string text, IOpenApiSchema items) =>
        new() { Type = JsonSchemaType.Array, Description = text, Items = items };

    private static OpenApiSchema Text(string text) => new() { Type = JsonSchemaType.String, Description = text };

    private static OpenApiSchema Time(string text) =>
        new() { Type = JsonSchemaType.String, Format = "date-time", Description = text };

    private static OpenApiSchema Whole(string text) =>
        new() { Type = JsonSchemaType.Integer, Format = "int64", Description = text };

    private static OpenApiSchema Number(string text) => new() { Type = JsonSchemaType.Number, Description = text };

    private static OpenApiSchema Flag(string text) => new() { Type = JsonSchemaType.Boolean, Description = text };
}
