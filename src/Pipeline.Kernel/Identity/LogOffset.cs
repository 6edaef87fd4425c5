namespace Pipeline.Kernel.Identity;

/// <summary>The position of one event in its partition, from 0; control records take none.</summary>
public readonly record struct LogOffset(long Value) : IComparable<LogOffset>
{
    public static LogOffset Zero => default;

    public int CompareTo(LogOffset other) => Value.CompareTo(other.Value);

    public static LogOffset operator +(LogOffset offset, long count) => new(offset.Value + count);

    public static long operator -(LogOffset left, LogOffset right) => left.Value - right.Value;

    public static bool operator <(LogOffset left, LogOffset right) => left.Value < right.Value;

    public static bool operator >(LogOffset left, LogOffset right) => left.Value > right.Value;

    public static bool operator <=(LogOffset left, LogOffset right) => left.Value <= right.Value;

    public static bool operator >=(LogOffset left, LogOffset right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
