using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Pipelines;

/// <summary>GET /v1/pipelines/{pipeline}/dead-letters: a page of what a pipeline could not process.</summary>
internal sealed class DeadLetterEndpoint(EngineAccess access)
{
    private const int DefaultMax = 100;
    private const int LargestMax = 1000;

    public async Task HandleAsync(HttpContext context)
    {
        if (!access.TryGetPipelines(out var pipelines, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        if (!TryReadNumber(context, "from", 0, long.MaxValue, out var from)
            || !TryReadNumber(context, "max", DefaultMax, LargestMax, out var max))
        {
            await ProblemWriter.WriteAsync(
                context, Problem.Malformed($"from must be a number from 0, max one from 1 to {LargestMax}."));
            return;
        }

        var name = (string)context.Request.RouteValues["pipeline"]!;
        var page = await pipelines.DeadLettersAsync(name, from, (int)max, context.RequestAborted);
        await (PipelineProblems.Of(page.Status, null, name) is { } refusal
            ? ProblemWriter.WriteAsync(context, refusal)
            : WriteAsync(context, page));
    }

    private static Task WriteAsync(HttpContext context, DeadLetterPage page) =>
        JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("deadLetters");
            foreach (var letter in page.Letters)
            {
                json.WriteRawValue(letter.Span, skipInputValidation: true);
            }

            json.WriteEndArray();
            json.WriteNumber("next", page.Next);
            json.WriteEndObject();
        });

    private static bool TryReadNumber(HttpContext context, string name, long standard, long largest, out long number)
    {
        number = standard;
        var text = context.Request.Query[name].ToString();
        return text.Length == 0
            || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number <= largest && (name == "from" || number > 0));
    }
}
