using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Functions;

/// <summary>Evaluates a function; it evaluates its arguments itself, those it needs.</summary>
internal delegate Value FunctionBody(scoped in Row row, Expression[] arguments);
