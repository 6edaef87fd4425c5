using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Cli.Testing;

/// <summary>Says how cases ended, for programs: one JSON object a case, a line each.</summary>
internal static class CaseJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IEnumerable<string> Of(FileResult result) => result.Cases.Select(one => JsonSerializer.Serialize(
        new
        {
            result.File,
            one.Name,
            one.Position.Line,
            Passed = one.IsPassed,
            Milliseconds = Math.Round(one.Took.TotalMilliseconds, 1),
            Failures = one.Failures.Select(static failure => new
            {
                failure.At.Line,
                failure.At.Column,
                failure.What,
                Missing = Texts(failure, '-'),
                NotExpected = Texts(failure, '+'),
                Notes = Texts(failure, ' '),
            }),
        },
        Options));

    private static IEnumerable<string> Texts(CaseFailure failure, char sign) =>
        failure.Lines.Where(line => line.Sign == sign).Select(static line => line.Text);
}
