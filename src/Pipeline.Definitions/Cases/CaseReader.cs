using System.Text;
using Pipeline.Queries.Values;

namespace Pipeline.Definitions.Cases;

/// <summary>Reads one entry of <c>cases:</c>.</summary>
internal static class CaseReader
{
    public static TestCase? Read(DefinitionReading reading, RowReader rows, TextNode node)
    {
        if (FieldMap.Read(reading, node, "A case", "name", "given", "expect") is not { } fields)
        {
            return null;
        }

        var given = Given(reading, rows, fields);
        var expect = ExpectReader.Read(reading, rows, fields, node.Position);
        return fields.RequiredFixedText("name", node.Position) is { } name
            ? new TestCase(name.Value, node.Position, given, expect.Rows) { Letters = expect.Letters }
            : null;
    }

    private static List<GivenStep> Given(DefinitionReading reading, RowReader rows, FieldMap fields)
    {
        var steps = new List<GivenStep>();
        long? clock = null;
        foreach (var node in Lists.Of(reading, fields, "A case", "given", CaseLimits.Steps) ?? [])
        {
            if (Step(reading, rows, node) is not { } step)
            {
                continue;
            }

            if (clock is null && step.At is null)
            {
                reading.Errors.Add(node, "The first entry of 'given' needs 'at': when it happens.");
            }
            else if (step.At < clock)
            {
                reading.Errors.Add(node, "'at' lies before that of the entry before: time only goes on.");
            }

            clock = step.At ?? clock ?? 0;
            steps.Add(step);
        }

        return steps;
    }

    private static GivenStep? Step(DefinitionReading reading, RowReader rows, TextNode node)
    {
        const string What = "An entry of 'given'";
        if (FieldMap.Read(reading, node, What, "stream", "at", "key", "events", "watermark") is not { } fields)
        {
            return null;
        }

        var stream = fields.FixedText("stream");
        var (hasEvents, hasWatermark) = (fields.Has("events"), fields.Has("watermark"));
        var isWrong = hasEvents
            ? hasWatermark || !fields.Has("stream")
            : fields.Has("key") || (!hasWatermark && (fields.Has("stream") || !fields.Has("at")));
        if (isWrong)
        {
            reading.Errors.Add(node, $"{What} is one of {{ stream, at, events, and perhaps key }}, "
                + "{ watermark, and perhaps stream, at } and { at } alone, which lets time go by.");
            return null;
        }

        return new GivenStep(node.Position)
        {
            At = Time(reading, fields, What, "at"),
            Stream = stream,
            Key = fields.FixedText("key")?.Value,
            Events = fields.Node("events") is { } events ? rows.Read(events, $"{What}: 'events'") : [],
            Watermark = Time(reading, fields, What, "watermark"),
        };
    }

    private static long? Time(DefinitionReading reading, FieldMap fields, string what, string name)
    {
        if (fields.FixedText(name) is not { } text)
        {
            return null;
        }

        if (Iso8601.TryParse(Encoding.UTF8.GetBytes(text.Value), out var ticks))
        {
            return ticks;
        }

        reading.Errors.Add(text.Position, $"{what}: '{name}' must be a time as 2026-01-31T10:20:30Z, not "
            + $"'{DefinitionErrors.Shown(text.Value, 80)}'.");
        return null;
    }
}
