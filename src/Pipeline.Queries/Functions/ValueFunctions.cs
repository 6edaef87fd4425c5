using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;
using static Pipeline.Queries.Functions.ParameterKind;

namespace Pipeline.Queries.Functions;

/// <summary>NULL, types, records and arrays.</summary>
internal static class ValueFunctions
{
    public static ScalarFunction[] All { get; } =
    [
        new("COALESCE", [Any, Any], 1, null, Coalesce) { IsVariadic = true },
        new("ISNULL", [Any, Any], 2, null, Coalesce),
        new("NULLIF", [Any, Any], 2, null, NullIf),
        new("IIF", [Condition, Any, Any], 3, null, (scoped in row, a) =>
            a[0].Test(row) == Truth.True ? a[1].Evaluate(row) : a[2].Evaluate(row)),
        new("GetType", [Any], 1, ValueKind.Text, TypeName),
        new("GetArrayLength", [ParameterKind.Array], 1, ValueKind.Bigint, ArrayLength),
        new("GetArrayElement", [ParameterKind.Array, Bigint], 2, null, ArrayElement),
        new("JSON_PARSE", [Any], 1, ValueKind.Record, Parse),
        new("GetRecordPropertyValue", [Record, Text], 2, null, Property),
    ];

    private static Value Coalesce(scoped in Row row, Expression[] arguments)
    {
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(row);
            if (!value.IsNull)
            {
                return value;
            }
        }

        return Value.Null;
    }

    private static Value NullIf(scoped in Row row, Expression[] arguments)
    {
        var value = arguments[0].Evaluate(row);
        var other = arguments[1].Evaluate(row);
        return ComparisonExpression.Compare(ComparisonOperator.Equal, value, other, row.State) == Truth.True
            ? Value.Null
            : value;
    }

    private static Value TypeName(scoped in Row row, Expression[] arguments) =>
        arguments[0].Evaluate(row).Kind switch
        {
            ValueKind.Bit => Value.OfText("bit"u8),
            ValueKind.Bigint => Value.OfText("bigint"u8),
            ValueKind.Float => Value.OfText("float"u8),
            ValueKind.Datetime => Value.OfText("datetime"u8),
            ValueKind.Text => Value.OfText("nvarchar(max)"u8),
            ValueKind.Record => Value.OfText("record"u8),
            ValueKind.Array => Value.OfText("array"u8),
            _ => Value.Null,
        };

    private static Value ArrayLength(scoped in Row row, Expression[] arguments) =>
        Arguments.TryJson(row, arguments[0], "GetArrayLength", ValueKind.Array, out var json)
            ? Value.Of((long)JsonElements.Count(json))
            : Value.Null;

    private static Value ArrayElement(scoped in Row row, Expression[] arguments) =>
        Arguments.TryJson(row, arguments[0], "GetArrayElement", ValueKind.Array, out var json)
            && Arguments.TryBigint(row, arguments[1], "GetArrayElement", out var index)
            && JsonElements.TryElement(json, index, out var element, out var escaped)
            ? FieldExpression.Read(element, escaped, row.State)
            : Value.Null;

    /// <summary>NULL where the value is no text, or the text no JSON object.</summary>
    private static Value Parse(scoped in Row row, Expression[] arguments)
    {
        var value = arguments[0].Evaluate(row);
        return value.Kind == ValueKind.Text && JsonSyntax.IsObject(value.Bytes)
            ? Value.Of(ValueKind.Record, 0, Conversion.Trim(value.Bytes))
            : Value.Null;
    }

    private static Value Property(scoped in Row row, Expression[] arguments) =>
        Arguments.TryJson(row, arguments[0], "GetRecordPropertyValue", ValueKind.Record, out var json)
            && Arguments.TryText(row, arguments[1], "GetRecordPropertyValue", out var name)
            && JsonElements.TryMember(json, name, row.State.Scratch, out var value, out var escaped)
            ? FieldExpression.Read(value, escaped, row.State)
            : Value.Null;
}
