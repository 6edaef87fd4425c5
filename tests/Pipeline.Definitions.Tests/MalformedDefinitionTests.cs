using Pipeline.Definitions.Codes;
using Pipeline.Definitions.Planning;
using Pipeline.Queries;
using Xunit;

namespace Pipeline.Definitions.Tests;

/// <summary>Whatever a text is, it becomes a plan or mistakes with places, in a bounded time.</summary>
public sealed class MalformedDefinitionTests
{
    private const int Seed = 20260;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);

    private static int Count => Environment.GetEnvironmentVariable("PIPELINE_NIGHTLY") == "1" ? 30_000 : 3_000;

    [Fact]
    public void Every_text_becomes_a_plan_or_mistakes_with_places()
    {
        var texts = new MalformedDefinitions(Seed);
        var variables = DefinitionVariables.Of("X,SIZE", name => name == "X" ? "1" : null);
        var world = new PlanningWorld { Compile = QueryCompiler.Compile, Codes = new StageCodes(null) };
        var (good, wrong) = (0, 0);
        for (var number = 0; number < Count; number++)
        {
            var text = texts.Next();
            try
            {
                var start = ThreadTime.Now;
                var outcome = DefinitionReader.Read(text, variables);
                var errors = outcome.Definition is { } definition
                    ? PipelinePlanner.Plan(definition, world).Errors
                    : Mistakes(outcome.Errors);
                Assert.InRange(ThreadTime.Now - start, TimeSpan.Zero, Most);
                Check(text, errors);
                (good, wrong) = errors.Count == 0 ? (good + 1, wrong) : (good, wrong + 1);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"text {number} of seed {Seed}: {error.Message}\n{text}", error);
            }
        }

        // Both happen often, so both are tested.
        Assert.True(good > Count / 50 && wrong > Count / 2, $"{good} good, {wrong} wrong");
    }

    private static IReadOnlyList<DefinitionError> Mistakes(IReadOnlyList<DefinitionError> errors)
    {
        Assert.NotEmpty(errors);
        return errors;
    }

    private static void Check(string text, IReadOnlyList<DefinitionError> errors)
    {
        Assert.InRange(errors.Count, 0, DefinitionLimits.Errors);
        var lines = text.Count(static c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 2;
        foreach (var error in errors)
        {
            Assert.InRange(error.Line, 1, lines);
            Assert.InRange(error.Column, 1, text.Length + 2);
            Assert.InRange(error.Message.Length, 1, DefinitionLimits.ErrorText);
            Assert.DoesNotContain(error.Message, char.IsControl);
        }
    }
}
