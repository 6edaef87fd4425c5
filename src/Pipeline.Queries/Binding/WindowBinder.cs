using Pipeline.Queries.Syntax;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Reads <c>TumblingWindow(unit, size [, offset])</c>, <c>HoppingWindow(unit, size, hop [, offset])</c>, their forms
/// with <c>Duration(unit, n)</c>, <c>Hop(unit, n)</c>, <c>Offset(unit, n)</c>, and several of them in
/// <c>Windows(…)</c>, with identities in <c>Window('id', …)</c>.
/// </summary>
internal sealed class WindowBinder(ErrorList errors)
{
    /// <summary>An hour by the second; every event costs time and memory in each of its windows.</summary>
    private const long MostWindowsAnEvent = 3_600;

    private const long MaxSize = 3650 * TimeSpan.TicksPerDay;

    private readonly WindowLength _length = new(errors);

    /// <summary>Each point in time by itself.</summary>
    public static WindowShape Snapshot { get; } = new(1, 1, 0);

    public static bool IsWindow(string name) => IsTumbling(name) || IsHopping(name) || Is(name, "Windows")
        || ContentBinder.IsContent(name);

    /// <summary>The windows of a call in GROUP BY; at least one, so that the rest can be checked.</summary>
    public NamedWindow[] Bind(CallSyntax call)
    {
        if (!Is(call.Name, "Windows"))
        {
            return [new NamedWindow(BindShape(call) ?? Snapshot, null)];
        }

        NamedWindow[] windows = [.. call.Arguments.Select(BindNamed).OfType<NamedWindow>()];
        Check(call, windows);
        return windows.Length == 0 ? [new NamedWindow(Snapshot, null)] : windows;
    }

    private void Check(CallSyntax call, NamedWindow[] windows)
    {
        if (call.Arguments.Count == 0)
        {
            errors.Add(call.At, "Windows: Windows(window, …) or Windows(Window('id', window), …) was expected");
        }

        if (windows.Any(w => w.Id is null) && windows.Any(w => w.Id is not null))
        {
            errors.Add(call.At, "Windows: either all windows have an identity, Window('id', window), or none has");
        }

        var twice = windows.Where(w => w.Id is not null).GroupBy(w => w.Id, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
        {
            errors.Add(call.At, $"Windows: a second window '{twice.Key}'");
        }

        CheckCount(call, windows.Sum(w => WindowsAnEvent(w.Shape)));
    }

    private NamedWindow? BindNamed(SyntaxNode node)
    {
        if (node is CallSyntax call && Is(call.Name, "Window"))
        {
            if (call.Arguments is [LiteralSyntax { Kind: LiteralKind.Text } id, var window])
            {
                return BindOne(window) is { } shape ? new NamedWindow(shape, id.Text) : null;
            }

            errors.Add(call.At, "Window: Window('id', window) was expected");
            return null;
        }

        return BindOne(node) is { } plain ? new NamedWindow(plain, null) : null;
    }

    private WindowShape? BindOne(SyntaxNode node)
    {
        if (SystemNames.IsTimestamp(node))
        {
            return Snapshot;
        }

        if (node is CallSyntax call && (IsTumbling(call.Name) || IsHopping(call.Name)))
        {
            return BindShape(call);
        }

        var reason = node is not CallSyntax other ? null
            : ContentBinder.IsContent(other.Name)
            ? $"{other.Name} cannot stand in Windows(…): make it a stage of its own"
            : AggregateNames.NotYet(other.Name);
        errors.Add(node.At, reason ?? "TumblingWindow, HoppingWindow or System.Timestamp() was expected");
        return null;
    }

    private WindowShape? BindShape(CallSyntax call)
    {
        var arguments = call.Arguments;
        var hopping = IsHopping(call.Name);
        var wordy = arguments.Count > 0 && arguments[0] is CallSyntax;
        var required = (hopping ? 2 : 1) + (wordy ? 0 : 1);
        if (arguments.Count < required || arguments.Count > required + 1)
        {
            errors.Add(call.At, $"{call.Name}: {Form(call.Name, hopping)} was expected");
            return null;
        }

        var before = errors.Count;
        var size = wordy ? _length.Of(arguments[0], "Duration") : _length.Of(arguments[0], arguments[1]);
        var hop = !hopping ? size : wordy ? _length.Of(arguments[1], "Hop") : _length.Of(arguments[0], arguments[2]);
        var offset = arguments.Count == required ? 0
            : wordy ? _length.Of(arguments[^1], "Offset") : _length.Of(arguments[0], arguments[^1]);
        if (errors.Count > before)
        {
            return null;
        }

        if (size is <= 0 or > MaxSize || hop <= 0 || hop > size)
        {
            errors.Add(call.At, $"{call.Name}: 0 < hop <= size <= 3650 days was expected");
            return null;
        }

        var shape = new WindowShape(size, hop, offset % hop);
        CheckCount(call, WindowsAnEvent(shape));
        return shape;
    }

    private static long WindowsAnEvent(WindowShape shape) => (shape.Size + shape.Hop - 1) / shape.Hop;

    private void CheckCount(CallSyntax call, long windows)
    {
        if (windows > MostWindowsAnEvent)
        {
            errors.Add(
                call.At,
                $"{call.Name}: every event would be in {windows} windows, at most {MostWindowsAnEvent} are allowed: "
                    + "make the hop longer or the size shorter");
        }
    }

    private static bool IsTumbling(string name) => Is(name, "TumblingWindow") || Is(name, "Tumbling");

    private static bool IsHopping(string name) => Is(name, "HoppingWindow") || Is(name, "Hopping");

    private static bool Is(string name, string wanted) => name.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static string Form(string name, bool hopping) => hopping
        ? $"{name}(unit, size, hop [, offset]) or {name}(Duration(unit, n), Hop(unit, n) [, Offset(unit, n)])"
        : $"{name}(unit, size [, offset]) or {name}(Duration(unit, n) [, Offset(unit, n)])";
}
