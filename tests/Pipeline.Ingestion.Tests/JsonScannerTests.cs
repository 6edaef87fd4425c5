using System.Text;
using Pipeline.Queries.Json;
using Xunit;

namespace Pipeline.Ingestion.Tests;

public class JsonScannerTests
{
    [Theory]
    [InlineData("""{"a":1}""", "a", "1")]
    [InlineData("""{"a":"x"}""", "a", "x")]
    [InlineData("""{ "b" : [ {"a":2} ] , "a" : true }""", "a", "true")]
    [InlineData("""{"a":123456789012345678901234567890.50}""", "a", "123456789012345678901234567890.50")]
    [InlineData("""{"d":{"id":"x"},"id":"y"}""", "d.id", "x")]
    [InlineData("""{"d":{"e":{"id":"x"},"id":"z"}}""", "d.e.id", "x")]
    [InlineData("""{"a":1,"a":2}""", "a", "2")]
    [InlineData("""{"\u0061":1}""", "a", "1")]
    [InlineData("""{"d":{},"x":{"id":1},"d":{"id":3}}""", "d.id", "3")]
    public void The_key_is_found(string json, string path, string key)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var scanner = new JsonScanner(bytes, new KeyPath(path));

        Assert.True(scanner.TryScan(0, out var end));
        Assert.Equal(bytes.Length, end);
        Assert.Equal(ScannedKeyKind.Text, scanner.Key.Kind);
        Assert.Equal(key, Encoding.UTF8.GetString(bytes, scanner.Key.Start, scanner.Key.Length));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a", "1")]
    [InlineData("""{"A":0,"a":1,"\u0061":2}""", "a", "1")]
    [InlineData("""{"d":{"id":1,"id":2},"d":{"id":3}}""", "d.id", "1")]
    [InlineData("""{"d":{"e":0,"id":1},"d":{}}""", "d.id", "1")]
    [InlineData("""{"d":{},"x":{"id":1},"d":{"id":3}}""", "d.id", "")]
    [InlineData("""{"d":2,"d":{"id":1}}""", "d.id", "")]
    [InlineData("""{"a":null,"a":2}""", "a", "")]
    public void Of_several_members_of_one_name_the_first_counts_where_queries_are_to_agree(
        string json, string path, string key)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var scanner = new JsonScanner(bytes, new KeyPath(path) { TakesFirst = true });
        var query = new KeyReader(JsonPath.Parse(path));

        Assert.True(scanner.TryScan(0, out _));
        Assert.Equal(key, Encoding.UTF8.GetString(bytes, scanner.Key.Start, scanner.Key.Length));
        Assert.Equal(key.Length > 0, query.TryRead(bytes, new byte[bytes.Length], out var found));
        Assert.Equal(key, key.Length > 0 ? Encoding.UTF8.GetString(found) : "");
    }

    [Theory]
    [InlineData("""{"b":1}""", "a")]
    [InlineData("""{"a":null}""", "a")]
    [InlineData("""[{"a":1}]""", "a")]
    [InlineData("""{"b":{"a":1}}""", "a")]
    [InlineData("""{"d":[{"id":1}]}""", "d.id")]
    [InlineData("""{"d":{"id":1},"d":2}""", "d.id")]
    [InlineData("""{"x":{"d":{"id":1}}}""", "d.id")]
    [InlineData("1", "a")]
    public void Where_no_key_lies_none_is_found(string json, string path)
    {
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(json), new KeyPath(path));

        Assert.True(scanner.TryScan(0, out _));
        Assert.Equal(ScannedKeyKind.None, scanner.Key.Kind);
    }

    [Theory]
    [InlineData("""{"a":{}}""", ScannedKeyKind.Container)]
    [InlineData("""{"a":[1]}""", ScannedKeyKind.Container)]
    [InlineData("""{"a":"\n"}""", ScannedKeyKind.EscapedString)]
    public void A_key_that_is_not_plain_text_is_told_apart(string json, object kind)
    {
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(json), new KeyPath("a"));

        Assert.True(scanner.TryScan(0, out _));
        Assert.Equal(kind, scanner.Key.Kind);
    }

    [Theory]
    [InlineData("""{"a":1""", 6)]
    [InlineData("""{"a" 1}""", 5)]
    [InlineData("""{"a":01}""", 5)]
    [InlineData("""{"a":1,}""", 7)]
    [InlineData("""[1 2]""", 3)]
    [InlineData("nul", 0)]
    [InlineData("\"a\u0001\"", 2)]
    public void A_mistake_is_found_where_it_is(string json, int at)
    {
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(json), null);

        Assert.False(scanner.TryScan(0, out _));
        Assert.Equal(at, scanner.ErrorAt);
        Assert.NotEmpty(scanner.Error);
    }
}
