namespace Pipeline.Queries.Values;

/// <summary>How messages name the types.</summary>
internal static class KindName
{
    public static string Of(ValueKind kind) => kind switch
    {
        ValueKind.Null => "NULL",
        ValueKind.Bit => "bit",
        ValueKind.Bigint => "bigint",
        ValueKind.Float => "float",
        ValueKind.Datetime => "datetime",
        ValueKind.Text => "nvarchar(max)",
        ValueKind.Record => "record",
        _ => "array",
    };
}
