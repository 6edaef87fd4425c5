using System.Globalization;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Which activation of a sink: later ones are greater, also those of a sink that has another name by now, or of a
/// pipeline that was deleted and applied anew, whose epochs begin again.
/// </summary>
/// <param name="Term">Of the catalog, which gives each once.</param>
/// <param name="Epoch">Within it.</param>
public readonly record struct SinkActivation(long Term, long Epoch) : IComparable<SinkActivation>
{
    public static bool operator <(SinkActivation left, SinkActivation right) => left.CompareTo(right) < 0;

    public static bool operator >(SinkActivation left, SinkActivation right) => left.CompareTo(right) > 0;

    public static bool operator <=(SinkActivation left, SinkActivation right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SinkActivation left, SinkActivation right) => left.CompareTo(right) >= 0;

    public int CompareTo(SinkActivation other) => (Term, Epoch).CompareTo((other.Term, other.Epoch));

    /// <summary>
    /// Two numbers; what follows them says nothing. One alone is an epoch, as versions before wrote it.
    /// </summary>
    public static bool TryParse(string text, out SinkActivation activation)
    {
        var parts = text.Split('-', '.');
        var isOne = TryNumber(parts[0], out var first);
        activation = parts.Length > 1 && TryNumber(parts[1], out var second)
            ? new SinkActivation(first, second)
            : new SinkActivation(0, first);
        return isOne;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Term}-{Epoch}");

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
