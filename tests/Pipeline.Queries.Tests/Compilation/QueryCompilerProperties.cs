using System.Text;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Compilation;

public sealed class QueryCompilerProperties
{
    private const string Whole =
        "SELECT a.b[0] AS x, CASE WHEN t LIKE 'q%' THEN CAST(n AS bigint) ELSE -1 END AS y, COUNT(*), SUM(DISTINCT a) "
        + "INTO o FROM input AS i TIMESTAMP BY DATEADD(second, 1, ts) WHERE a IN (1, 2) AND NOT b IS NULL OR "
        + "c BETWEEN 1 AND 2 GROUP BY a, HoppingWindow(second, 10, 5) HAVING COUNT(*) > 1.5e3 -- end\n /* c */ ; "
        + "[q] \"r\"";

    private const string Marks = "()[],.*'\"\n=<é~";

    [Fact]
    public void Any_text_gives_a_query_or_mistakes_with_places_within_it()
    {
        var words = Whole.Split(' ');
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder(Whole);
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0:
                        text.Remove(at, random.Next(Math.Min(12, text.Length - at)));
                        break;
                    case 1:
                        text.Insert(at, $" {words[random.Next(words.Length)]} ");
                        break;
                    case 2:
                        text[at] = Marks[random.Next(Marks.Length)];
                        break;
                    default:
                        text.Length = at + 1;
                        break;
                }
            }

            Check(text.ToString());
        }
    }

    [Fact]
    public void Any_sequence_of_words_does_too()
    {
        var words = Whole.Split(' ');
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            Check(string.Join(' ', Enumerable.Range(0, random.Next(30)).Select(_ => words[random.Next(words.Length)])));
        }
    }

    private static void Check(string text)
    {
        var compiled = QueryCompiler.Compile(text, Run.Options());
        Assert.Equal(compiled.Query is null, compiled.Errors.Count > 0);
        var lines = text.Split('\n');
        foreach (var error in compiled.Errors)
        {
            Assert.InRange(error.Line, 1, lines.Length);
            Assert.InRange(error.Column, 1, lines[error.Line - 1].Length + 1);
        }
    }
}
