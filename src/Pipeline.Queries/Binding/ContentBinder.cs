using Pipeline.Queries.Syntax;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Reads <c>SessionWindow(unit, timeout [, longest]) [OVER (PARTITION BY x, …)]</c> and its form with
/// <c>Timeout(unit, n)</c> and <c>MaxDuration(unit, n)</c>; <c>SlidingWindow(unit, size)</c> and its form with
/// <c>Duration(unit, n)</c>.
/// </summary>
internal sealed class ContentBinder(RowBinder rows)
{
    private const long MaxSize = 3650 * TimeSpan.TicksPerDay;

    private readonly WindowLength _length = new(rows.Errors);

    public static bool IsContent(string name) => IsSession(name) || IsSliding(name);

    public ContentShape? Bind(CallSyntax call)
    {
        var before = rows.Errors.Count;
        ContentShape? shape = IsSession(call.Name) ? BindSession(call) : BindSliding(call);
        return rows.Errors.Count == before ? shape : null;
    }

    private SessionShape? BindSession(CallSyntax call)
    {
        var arguments = call.Arguments;
        var isWordy = arguments.Count > 0 && arguments[0] is CallSyntax;
        var required = isWordy ? 1 : 2;
        if (arguments.Count < required || arguments.Count > required + 1 || call.Over?.Limit is not null
            || call.Over?.When is not null)
        {
            rows.Errors.Add(
                call.At,
                $"{call.Name}: {call.Name}(unit, timeout [, longest]) or {call.Name}(Timeout(unit, n) [, "
                    + "MaxDuration(unit, n)]), and behind it [OVER (PARTITION BY x)] was expected");
            return null;
        }

        var hasLongest = arguments.Count > required;
        var timeout = isWordy ? _length.Of(arguments[0], "Timeout") : _length.Of(arguments[0], arguments[1]);
        var longest = !hasLongest ? 0
            : isWordy ? _length.Of(arguments[1], "MaxDuration")
            : _length.Of(arguments[0], arguments[2]);
        Check(call, timeout);
        if (hasLongest)
        {
            Check(call, longest);
        }

        return new SessionShape(timeout, longest) { PartitionBy = [.. call.Over?.PartitionBy.Select(rows.Bind) ?? []] };
    }

    private SlidingShape? BindSliding(CallSyntax call)
    {
        var arguments = call.Arguments;
        var isWordy = arguments.Count > 0 && arguments[0] is CallSyntax;
        if (arguments.Count != (isWordy ? 1 : 2) || call.Over is not null)
        {
            rows.Errors.Add(
                call.At, $"{call.Name}: {call.Name}(unit, size) or {call.Name}(Duration(unit, n)) was expected");
            return null;
        }

        var size = isWordy ? _length.Of(arguments[0], "Duration") : _length.Of(arguments[0], arguments[1]);
        Check(call, size);
        return new SlidingShape(size);
    }

    private void Check(CallSyntax call, long length)
    {
        if (rows.Errors.Count == 0 && length is <= 0 or > MaxSize)
        {
            rows.Errors.Add(call.At, $"{call.Name}: more than nothing and at most 3650 days was expected");
        }
    }

    private static bool IsSliding(string name) =>
        name.Equals("SlidingWindow", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Sliding", StringComparison.OrdinalIgnoreCase);

    private static bool IsSession(string name) =>
        name.Equals("SessionWindow", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Session", StringComparison.OrdinalIgnoreCase);
}
