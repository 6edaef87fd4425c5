using Pipeline.Queries.Json;

namespace Pipeline.Queries.Operators;

/// <summary>
/// Where a result's key is: a column as a whole, or, with column -1, a path into the written result; and whether a
/// result may go without.
/// </summary>
internal sealed record OutputKey(string Text, int Column, KeyReader Reader, bool IsOptional);
