using System.Text;

namespace Pipeline.Queries.Tests.Running;

/// <summary>Queries and events drawn from everything the language has; many are wrong in their types.</summary>
public sealed class RandomQuery(Random draw)
{
    private static readonly string[] Fields = ["a", "b", "c", "D", "r.x", "l[1]", "missing"];

    private static readonly string[] Numbers =
        ["0", "1", "-3", "2.5", "1e3", "9223372036854775807", "-9223372036854775808", "1e308", "0.1"];

    private static readonly string[] Texts =
        ["''", "'x'", "'aé😀'", "'12'", "'2026-01-31T10:20:30.5Z'", "'%a_[b-d]'"];

    private static readonly string[] Types = ["bigint", "float", "nvarchar(max)", "bit", "datetime"];

    private static readonly string[] Maths = ["ABS", "ROUND", "SQRT", "POWER", "FLOOR", "SIGN", "LOG"];

    private static readonly string[] Units = ["year", "month", "week", "day", "hour", "second", "microsecond"];

    public string Select(string from, string[] columns, int depth = 3) => $"SELECT {Star(columns)}"
        + string.Join(", ", columns.Select(name => $"{Expression(depth)} AS {name}")) + $" FROM {from}"
        + (draw.Next(3) == 0 ? $" WHERE {Condition(2)}" : "");

    public string Window() =>
        $"SELECT a, {Aggregate()} AS x, {Aggregate()} AS y, COUNT(*) AS n, System.Timestamp() AS t "
        + $"FROM input {(draw.Next(3) == 0 ? $"WHERE {Condition(2)} " : "")}GROUP BY a, "
        + Pick("TumblingWindow(second, 10)", "HoppingWindow(second, 12, 4)", "System.Timestamp()",
            "Windows(Window('a', Tumbling(second, 5)), Window('b', Hopping(second, 7.5, 2.5)))")
        + Pick("", " HAVING COUNT(*) > 1", " HAVING n > 1");

    public string Event()
    {
        var json = new StringBuilder("{");
        for (var members = draw.Next(8); members > 0; members--)
        {
            json.Append(json.Length > 1 ? "," : "").Append(Pick("\"a\"", "\"A\"", "\"b\"", "\"c\"", "\"D\"", "\"d\"",
                "\"\\u0061\"", "\"r\"", "\"l\"")).Append(draw.Next(5) == 0 ? " : " : ":").Append(Json(2));
        }

        return json.Append('}').ToString();
    }

    private string Star(string[] columns) => columns.Length < 3 && draw.Next(4) == 0 ? "*, " : "";

    private string Json(int depth) => draw.Next(depth > 0 ? 12 : 8) switch
    {
        0 => "null",
        1 => Pick("true", "false"),
        2 or 3 => Pick(Numbers),
        4 => Pick("1.0", "10e-1", "-0", "-0.0", "12345678901234567890", "1e999", "0.30000000000000004"),
        5 => $"\"{new string('z', draw.Next(40) == 0 ? draw.Next(400_000) : draw.Next(9))}\"",
        6 or 7 => Pick("\"x\"", "\"\\u0000\\n\\\"\"", "\"aé😀\"", "\"2026-01-01\"", "\"\\ud83d\\ude00\"", "\"12\""),
        8 or 9 => $"{{\"x\":{Json(depth - 1)},\"X\":{Json(depth - 1)}}}",
        _ => $"[{Json(depth - 1)}, {Json(depth - 1)}]",
    };

    private string Aggregate() => draw.Next(4) == 0 ? Ranking()
        : Pick("COUNT", "SUM", "AVG", "MIN", "MAX", "STDEV", "VARP") is var name
        && draw.Next(5) == 0
        ? $"COUNT(DISTINCT {Expression(1)})"
        : $"{name}({(draw.Next(2) == 0 ? Pick(Fields) : Expression(1))})";

    private string Ranking() => Pick(
        $"TopOne() OVER (ORDER BY {Pick(Fields)} {Pick("", "ASC", "DESC")})",
        $"TopOne({Expression(1)}) OVER (ORDER BY {Pick(Fields)}, {Expression(1)} DESC)",
        $"CollectTop(2, {Expression(1)}) OVER (ORDER BY {Pick(Fields)} DESC)",
        $"Collect({Expression(1)})",
        "Collect()",
        $"{Pick("PERCENTILE_CONT", "PERCENTILE_DISC")}({Pick("0", "0.3", "1")}) OVER (ORDER BY {Pick(Fields)})");

    private string Expression(int depth)
    {
        if (depth == 0 || draw.Next(4) == 0)
        {
            return draw.Next(4) switch { 0 => Pick(Numbers), 1 => Pick(Texts), _ => Pick(Fields) };
        }

        string Next() => Expression(depth - 1);
        return draw.Next(20) switch
        {
            14 => $"({Next()} {Pick("&", "|", "^")} {Pick("~", "")}{Next()})",
            15 => $"{Pick("LEFT", "RIGHT", "REPLICATE")}({Next()}, {Next()})",
            16 => $"{Pick("REVERSE", "UNICODE", "SPACE", "NCHAR", "JSON_PARSE")}({Next()})",
            17 => $"STUFF({Next()}, {Next()}, {Pick(Numbers)}, {Next()})",
            18 => Pick($"TRANSLATE({Next()}, 'xz', 'é😀')", $"PATINDEX('%[b-é]%', {Next()})",
                $"REGEXMATCH({Next()}, '[^\\w]+x?')"),
            19 => Pick("input", $"JSON_PARSE({Next()}).x", $"DATETIMEFROMPARTS({Next()}, 1, 2, 3, 4, 5, {Next()})"),
            0 => $"({Next()} {Pick("+", "-", "*", "/", "%")} {Next()})",
            1 => $"CASE WHEN {Condition(depth - 1)} THEN {Next()} ELSE {Next()} END",
            2 => $"{Pick("TRY_CAST", "CAST")}({Next()} AS {Pick(Types)})",
            3 => $"COALESCE({Next()}, {Next()})",
            4 => $"CONCAT({Next()}, {Next()}, {Next()})",
            5 => $"{Pick("UPPER", "LOWER", "TRIM", "LEN", "GetType")}({Next()})",
            6 => $"REPLACE({Next()}, {Next()}, {Next()})",
            7 => $"SUBSTRING({Next()}, {Pick(Numbers)}, {Pick(Numbers)})",
            8 => $"{Pick(Maths)}({Next()}{Pick("", ", 2", $", {Next()}")})",
            9 => $"DATEADD({Pick(Units)}, {Next()}, {Next()})",
            10 => $"DATEDIFF({Pick(Units)}, {Next()}, {Next()})",
            11 => $"{Pick("DATEPART", "DATENAME")}({Pick(Units)}, {Pick(Next(), "System.Timestamp()")})",
            12 => $"{Pick("GetArrayElement(l, ", "GetRecordPropertyValue(r, ", "CHARINDEX('a', ")}{Next()})",
            _ => $"CONCAT_WS('-', {Next()}, {Next()})",
        };
    }

    private string Condition(int depth)
    {
        string Next() => Expression(depth);
        return draw.Next(depth > 0 ? 8 : 5) switch
        {
            0 => $"{Next()} {Pick("=", "<>", "<", ">=")} {Next()}",
            1 => $"{Next()} IS {Pick("", "NOT ")}NULL",
            2 => $"{Next()} LIKE {Pick(Pick(Texts), Next())}",
            3 => $"{Next()} IN ({Next()}, {Next()})",
            4 => $"{Next()} BETWEEN {Next()} AND {Next()}",
            5 => $"NOT ({Condition(depth - 1)})",
            _ => $"({Condition(depth - 1)} {Pick("AND", "OR")} {Condition(depth - 1)})",
        };
    }

    private string Pick(params string[] from) => from[draw.Next(from.Length)];
}
