using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Pipeline.Http.Events;

/// <summary>
/// The next offset to read in each partition, as one text. It is the id of server-sent events, so a client that comes
/// back goes on exactly behind the last event it got. A client sends its last id alone, so each id says all of it:
/// <c>0:12,1:7</c>; for more than a few partitions in the short form of <see cref="PackedPosition"/>.
/// </summary>
internal sealed class TailPosition
{
    /// <summary>Up to so many partitions are written as numbers that people can read.</summary>
    public const int MostPlain = 16;

    private readonly SortedDictionary<int, long> _next = [];

    public long? this[int partition] => _next.TryGetValue(partition, out var next) ? next : null;

    public void Set(int partition, long next) => _next[partition] = next;

    /// <summary>False where it is no position, or names a partition that is none of <paramref name="partitions"/>.
    /// </summary>
    public static bool TryParse(string text, int partitions, out TailPosition position)
    {
        position = new TailPosition();
        if (text.StartsWith(PackedPosition.Mark))
        {
            return PackedPosition.TryParse(text, partitions, position);
        }

        foreach (var entry in text.Split(','))
        {
            var pair = entry.Split(':');
            if (pair.Length != 2
                || !long.TryParse(pair[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                || !long.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var next)
                || partition >= partitions)
            {
                return false;
            }

            position._next[(int)partition] = next;
        }

        return true;
    }

    public void Write(IBufferWriter<byte> to)
    {
        if (_next.Count > MostPlain && _next.Keys.Last() == _next.Count - 1)
        {
            PackedPosition.Write([.. _next.Values], to);
            return;
        }

        var isFirst = true;
        foreach (var (partition, next) in _next)
        {
            if (!isFirst)
            {
                to.Write(","u8);
            }

            isFirst = false;
            WriteNumber(to, partition);
            to.Write(":"u8);
            WriteNumber(to, next);
        }
    }

    private static void WriteNumber(IBufferWriter<byte> to, long number)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(20), out var length);
        to.Advance(length);
    }
}
