using Pipeline.Queries.Values;

namespace Pipeline.Queries.Functions;

/// <summary>A scalar function: what the binder checks of it, and its body.</summary>
internal sealed record ScalarFunction(
    string Name, ParameterKind[] Parameters, int Required, ValueKind? Result, FunctionBody Body)
{
    /// <summary>The last parameter may be repeated.</summary>
    public bool IsVariadic { get; init; }

    /// <summary>Its form for messages.</summary>
    public string Signature => $"{Name}({string.Join(", ", Parameters.Select(Describe))}{(IsVariadic ? ", …" : "")})";

    public ParameterKind Parameter(int index) => Parameters[Math.Min(index, Parameters.Length - 1)];

    public static string Describe(ParameterKind kind) => kind switch
    {
        ParameterKind.Any => "value",
        ParameterKind.Condition => "condition",
        ParameterKind.Text => "nvarchar(max)",
        ParameterKind.Number => "number",
        ParameterKind.Bigint => "bigint",
        ParameterKind.Datetime => "datetime",
        ParameterKind.Record => "record",
        ParameterKind.Array => "array",
        ParameterKind.Regex => "pattern",
        _ => "date part",
    };
}
