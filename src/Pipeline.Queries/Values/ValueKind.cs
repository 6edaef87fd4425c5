namespace Pipeline.Queries.Values;

/// <summary>The types of the language, as Azure Stream Analytics names them; text is nvarchar(max).</summary>
internal enum ValueKind : byte
{
    Null,
    Bit,
    Bigint,
    Float,
    Datetime,
    Text,
    Record,
    Array,
}
