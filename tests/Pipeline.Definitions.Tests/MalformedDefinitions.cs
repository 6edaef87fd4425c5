using System.Text;

namespace Pipeline.Definitions.Tests;

/// <summary>Good definitions, broken at random: the same ones for the same seed.</summary>
internal sealed class MalformedDefinitions(int seed)
{
    private const int LongScalar = 200_000;

    private static readonly string[] Good =
    [
        """
        name: telemetry
        streams:
          readings: { partitions: 4, key: deviceId, time: ts, retention: 7d, idle: never, maxEvent: 64KiB }
          plain:
        stages:
          valid:
            query: SELECT * FROM readings WHERE temperature IS NOT NULL
          perDevice:
            key: deviceId
            lateness: 5s
            query: |
              SELECT deviceId, COUNT(*) AS n, AVG(temperature) AS mean, System.Timestamp() AS windowEnd
              FROM valid TIMESTAMP BY ts
              GROUP BY deviceId, TumblingWindow(second, 10)
          scored: { from: valid, code: Samples.Scoring, with: { field: temperature } }
        sinks:
          files: { from: perDevice, files: { path: out/perDevice, roll: { size: 64MiB, every: 10s } } }
        """,
        """
        {
          "name": "a",
          "streams": { "in": { "partitions": 2, "key": "k", "retention": { "hard": "1h" } } },
          "stages": { "s": { "query":
            "WITH w AS (SELECT k, CASE WHEN v > 1 THEN 'x' END AS c FROM in) SELECT c FROM w" }
          }
        }
        """,
        """
        name: 'quoted'
        streams:
          ? s : { key: "a\u0020b.c", missingKey: spread, maxRequest: ${SIZE:-1MiB} }
        stages:
          folded:
            materialize: true
            onError: stop
            query: >-
              SELECT UPPER(a) AS b, CAST(c AS bigint) AS d, e[0].f
              FROM s WHERE a LIKE '%x_' AND NOT (b BETWEEN 1 AND 2.5e3 OR c IN ('y', "z"))
          hop: { query: 'SELECT b, MAX(d) AS m FROM folded GROUP BY b, HoppingWindow(minute, 10, 1)' }
        """,
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "? ", ",", "\n", "\n  ", "\r\n", "\r", "\t", " ", "#", "'", "\"", "|\n ",
        ">\n ", "|9\n", "&a ", "*a", "!!int ", "!<x> ", "!", "%YAML 1.2\n---\n", "---\n", "...\n", "${", "${X}",
        "${X:-", "}}", "\\", "\\u", "\"\\UFFFFFFFF\"", "\0", "\u0007", "\u0085", "\u2028", "\uFEFF",
        "\uD83D\uDE00", "\uD800",
        "\uE000\uE000X\uE001", "\uE002", "\u202E", "é", "٣", "null", "~", "true", "-1", "1e999",
        "99999999999999999999", "NaN", "0x10", "name", "streams", "stages", "sinks", "query: ",
        "SELECT ", " FROM ", "GROUP BY ", "(", ")",
        "<<: ",
    ];

    private readonly Random _draw = new(seed);

    public string Next()
    {
        var text = new StringBuilder(Good[_draw.Next(Good.Length)]);
        for (var changes = _draw.Next(6); changes > 0; changes--)
        {
            Change(text);
        }

        return text.ToString();
    }

    private void Change(StringBuilder text)
    {
        var at = _draw.Next(text.Length + 1);
        var length = Math.Min(_draw.Next(1, 40), text.Length - at);
        switch (_draw.Next(100))
        {
            case < 15:
                // Often still good: another number, another letter.
                at = Math.Min(at, text.Length - 1);
                text[at] = char.IsAsciiLetterOrDigit(text[at]) ? (char)_draw.Next('a', 'z') : text[at];
                break;
            case < 35:
                text.Insert(at, Pieces[_draw.Next(Pieces.Length)]);
                break;
            case < 50:
                text.Remove(at, Math.Min(Math.Min(length, text.Length - 1), 1 + _draw.Next(3)));
                break;
            case < 60:
                text.Remove(at, Math.Min(length, text.Length - 1));
                break;
            case < 70:
                text.Insert(_draw.Next(text.Length + 1), text.ToString(at, length));
                break;
            case < 78:
                text.Length = Math.Max(1, at);
                break;
            case < 84:
                text.Insert(at, (char)_draw.Next(0x10000));
                break;
            case < 89:
                text.Insert(at, Good[_draw.Next(Good.Length)]);
                break;
            case < 95:
                text.Insert(at, Repeated(_draw.Next(2, 400)));
                break;
            case < 98:
                text.Insert(at, Repeated(_draw.Next(1_000, 20_000)));
                break;
            default:
                text.Insert(at, new string((char)_draw.Next('!', 0x100), LongScalar));
                break;
        }
    }

    /// <summary>A few pieces again and again: deep nestings, long lists, many mistakes.</summary>
    private string Repeated(int times)
    {
        var each = Pieces[_draw.Next(Pieces.Length)] + (_draw.Next(2) == 0 ? Pieces[_draw.Next(Pieces.Length)] : "");
        return string.Concat(Enumerable.Repeat(each, times));
    }
}
