namespace Pipeline.Definitions.Cases;

/// <summary>A test file, or its mistakes.</summary>
public sealed record CaseFileOutcome(CaseFile? File, IReadOnlyList<DefinitionError> Errors);

/// <summary>Tests of one pipeline.</summary>
/// <param name="Pipeline">The definition's file, from the test file's folder; null: the one of the same name.</param>
/// <param name="Cases">In the order of the text.</param>
public sealed record CaseFile(Located<string>? Pipeline, IReadOnlyList<TestCase> Cases);

/// <summary>What is given to a pipeline that has seen nothing yet, and what must come of it.</summary>
public sealed record TestCase(
    string Name, TextPosition Position, IReadOnlyList<GivenStep> Given, IReadOnlyList<Expectation> Expect)
{
    /// <summary>The dead letters, in any order, and where they stand; none where nothing is said.</summary>
    public Located<IReadOnlyList<ExpectedLetter>> Letters { get; init; } = new([], Position);
}

/// <summary>One thing that happens: time goes by, then events come, or a watermark.</summary>
public sealed record GivenStep(TextPosition Position)
{
    /// <summary>When, ticks UTC; null: when the step before happened.</summary>
    public long? At { get; init; }

    /// <summary>Where the events, or the watermark, go; null: nowhere, or with a watermark to all streams.</summary>
    public Located<string>? Stream { get; init; }

    /// <summary>The key of all events, as the header Event-Key; null: each has its own.</summary>
    public string? Key { get; init; }

    /// <summary>The events, as JSON texts.</summary>
    public IReadOnlyList<WrittenJson> Events { get; init; } = [];

    /// <summary>No event before this comes any more, ticks UTC; null: nothing is said.</summary>
    public long? Watermark { get; init; }
}

/// <summary>All that a stage, or its late stream, puts out.</summary>
/// <param name="Of">The stage's name, perhaps with <c>.late</c>.</param>
/// <param name="Rows">The rows.</param>
/// <param name="IsOrdered">Whether they come in this order.</param>
public sealed record Expectation(Located<string> Of, IReadOnlyList<WrittenJson> Rows, bool IsOrdered);

/// <summary>A dead letter.</summary>
/// <param name="Cause">What its reason contains.</param>
/// <param name="Stage">The stage that it is of; null: any.</param>
/// <param name="Position">Where it stands.</param>
public sealed record ExpectedLetter(string Cause, string? Stage, TextPosition Position);

/// <summary>A value of the text as JSON, and where it stands.</summary>
public sealed record WrittenJson(string Json, TextPosition Position);
