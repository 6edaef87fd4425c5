using System.Text;
using System.Text.Json;
using Pipeline.Definitions.Cases;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Queries.Values;
using Pipeline.Runtime.Trials;

namespace Pipeline.Cli.Testing;

/// <summary>Runs one case of a plan, in a world of its own.</summary>
internal sealed class CaseRun(PipelinePlan plan, TestCase one)
{
    private readonly List<CaseFailure> _failures = [];

    public async Task<CaseResult> RunAsync(TimeProvider clock)
    {
        var begun = clock.GetTimestamp();
        var trial = await Trial.BeginAsync(plan, one.Given.Count == 0 ? 0 : one.Given[0].At!.Value);
        foreach (var step in one.Given)
        {
            await trial.AdvanceAsync(step.At ?? trial.Now);
            await GiveAsync(trial, step);
        }

        foreach (var failure in trial.Failures)
        {
            _failures.Add(new CaseFailure(one.Position, failure, []));
        }

        foreach (var expected in one.Expect)
        {
            Compare(trial, expected);
        }

        CompareLetters(trial);
        return new CaseResult(one.Name, one.Position, clock.GetElapsedTime(begun), _failures);
    }

    private async Task GiveAsync(Trial trial, GivenStep step)
    {
        if (step.Watermark is { } watermark)
        {
            var streams = step.Stream is { } stream
                ? [new StreamName(stream.Value)]
                : plan.Declared.Select(static declared => declared.Stream.Name);
            foreach (var name in streams)
            {
                await trial.SayAsync(name, watermark);
            }
        }
        else if (step.Events.Count > 0)
        {
            var lines = Encoding.UTF8.GetBytes(string.Join('\n', step.Events.Select(static written => written.Json)));
            var outcome = await trial.PostAsync(new StreamName(step.Stream!.Value), step.Key, lines);
            if (outcome.Problem is { } problem)
            {
                var at = outcome.Errors is [{ Event: > 0 and var number }, ..] && number <= step.Events.Count
                    ? step.Events[number - 1].Position
                    : step.Position;
                var reason = outcome.Errors is [var first, ..] ? $"{first.Reason}." : outcome.Detail;
                _failures.Add(new CaseFailure(at, $"the request is refused ({problem}): {reason}", []));
            }
        }
    }

    private void Compare(Trial trial, Expectation expected)
    {
        var stream = new StreamName($"{plan.Name}.{expected.Of.Value}");
        List<string> came = [.. trial.Read(stream).Select(static row => Encoding.UTF8.GetString(row.Value.Span))];
        var wanted = expected.Rows.Select(static written => written.Json).ToList();
        if (RowDiff.Of(wanted, came, expected.IsOrdered) is { } differs)
        {
            var lines = differs.Lines.ToList();
            if (differs.Lines.Any(static line => line.Sign == '-') && LateOf(stream) is { } late)
            {
                lines.AddRange(Hints(trial, stream, late).Select(static hint => new DiffLine(' ', hint)));
            }

            _failures.Add(new CaseFailure(expected.Of.Position, $"{expected.Of.Value}: {differs.What}", lines));
        }
    }

    /// <summary>Where what comes late to a window goes; null: the stage has none.</summary>
    private StreamName? LateOf(StreamName stream) => plan.Groups.SelectMany(static group => group.Nodes)
        .FirstOrDefault(node => node.Output == stream && node.Late is not null)?.Late;

    /// <summary>Why a row of a window may be missing.</summary>
    private IEnumerable<string> Hints(Trial trial, StreamName stream, StreamName late)
    {
        var name = late.Value[(plan.Name.Length + 1)..];
        if (trial.Read(late).Count is > 0 and var count && !one.Expect.Any(expected => expected.Of.Value == name))
        {
            yield return $"{count} came late, when its window had closed: see '{name}'";
        }

        yield return trial.WatermarkOf(stream) is { } ticks
            ? $"event time is {Text(ticks)}: windows that do not end before it, less the lateness, are open"
            : "some partition has no event time yet, so no window closes: { watermark: … } gives it to all";
    }

    private static string Text(long ticks)
    {
        Span<byte> text = stackalloc byte[Iso8601.MaxLength];
        return Encoding.ASCII.GetString(text[..Iso8601.Format(ticks, text)]);
    }

    private void CompareLetters(Trial trial)
    {
        var stream = PipelinePlan.DeadLetters(plan.Name);
        var came = plan.Groups.Count == 0
            ? []
            : trial.Read(stream).Select(static row => DeadLetter.Read(row.Value)).ToList();
        var missing = new List<DiffLine>();
        foreach (var wanted in one.Letters.Value.OrderByDescending(static letter => letter.Cause.Length))
        {
            var found = came.FindIndex(letter => letter.Is(wanted));
            if (found < 0)
            {
                missing.Add(new DiffLine('-', wanted.Stage is null ? wanted.Cause : $"{wanted.Stage}: {wanted.Cause}"));
            }
            else
            {
                came.RemoveAt(found);
            }
        }

        if (missing.Count + came.Count > 0)
        {
            _failures.Add(new CaseFailure(
                one.Letters.Position,
                $"dead-letters: {missing.Count} missing, {came.Count} not expected",
                [.. missing, .. came.Select(static letter => new DiffLine('+', letter.ToString()))]));
        }
    }

    /// <summary>What could not be processed, and why.</summary>
    private sealed record DeadLetter(string Stage, string Reason, string Value)
    {
        public static DeadLetter Read(ReadOnlyMemory<byte> json)
        {
            using var document = JsonDocument.Parse(json, JsonForm.Reading);
            var letter = document.RootElement;
            return new DeadLetter(
                letter.GetProperty("stage").GetString()!,
                letter.GetProperty("reason").GetString()!,
                letter.GetProperty("value").GetRawText());
        }

        public bool Is(ExpectedLetter wanted) => (wanted.Stage is null || wanted.Stage == Stage)
            && Reason.Contains(wanted.Cause, StringComparison.Ordinal);

        public override string ToString() => $"{Stage}: {Reason}: {Value}";
    }
}
