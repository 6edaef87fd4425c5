namespace Pipeline.Queries.Functions;

/// <summary>What a function takes.</summary>
internal enum ParameterKind
{
    Any,
    Condition,
    Text,
    Number,
    Bigint,

    /// <summary>A datetime, or a text that reads as one.</summary>
    Datetime,

    Record,
    Array,

    /// <summary>A constant text that is a regular expression.</summary>
    Regex,

    /// <summary>A bare word such as <c>second</c>.</summary>
    DatePart,
}
