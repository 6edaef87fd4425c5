using System.Text;
using System.Text.Json;
using Xunit;

namespace Pipeline.Ingestion.Tests;

/// <summary>The scanner accepts exactly what Utf8JsonReader accepts.</summary>
public class JsonScannerProperties
{
    private static readonly string[] Seeds =
    [
        """{"deviceId":"dev-1","ts":"2026-01-01T00:00:00Z","temperature":21.5,"ok":true,"none":null}""",
        """[1,-0,0.5,1e9,-1.25E-3,1E+2,[],{},[[]],{"a":{"b":[{}]}}]""",
        """  "a string with \"escapes\" \\ \/ \b \f \n \r \t \u00e9 \ud83d\ude00 é and sixty more characters"  """,
        """{"":"","\u0000":[true,false,null]}""",
        "-12.5e+10",
    ];

    private const string Alphabet = "{}[]\",:\\0123456789.eE+-truefalsn \t\r\nu/\u0001é";

    [Fact]
    public void Mutated_texts_are_judged_alike()
    {
        var random = new Random(42);
        var accepted = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = new StringBuilder(Seeds[random.Next(Seeds.Length)]);
            for (var n = random.Next(3); n > 0 && text.Length > 0; n--)
            {
                Mutate(text, random);
            }

            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            var expected = ReaderAccepts(bytes);
            Assert.True(expected == ScannerAccepts(bytes), $"the reader says {expected}: {text}");
            accepted += expected ? 1 : 0;
        }

        Assert.InRange(accepted, 50_000, 150_000);
    }

    [Theory]
    [InlineData(63, '[')]
    [InlineData(64, '[')]
    [InlineData(65, '[')]
    [InlineData(64, '{')]
    [InlineData(65, '{')]
    public void Depth_is_judged_alike(int depth, char open)
    {
        var text = open == '['
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(depth <= 64, ScannerAccepts(bytes));
        Assert.Equal(depth <= 64, ReaderAccepts(bytes));
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length);
        switch (random.Next(4))
        {
            case 0:
                text.Remove(at, 1);
                break;
            case 1:
                text[at] = Alphabet[random.Next(Alphabet.Length)];
                break;
            case 2:
                text.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                break;
            default:
                text.Length = at;
                break;
        }
    }

    private static bool ScannerAccepts(byte[] bytes)
    {
        var scanner = new JsonScanner(bytes, null);
        return scanner.TryScan(0, out var end) && JsonScanner.SkipSpace(bytes, end) == bytes.Length;
    }

    private static bool ReaderAccepts(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            var any = false;
            while (reader.Read())
            {
                any = true;
            }

            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
