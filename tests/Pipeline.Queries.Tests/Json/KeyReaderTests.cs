using System.Text;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Tests.Json;

public sealed class KeyReaderTests
{
    [Theory]
    [InlineData("""{"d":{"id":"dev-1"}}""", "dev-1")]
    [InlineData("""{"d":{"id":""}}""", "")]
    [InlineData("""{"d":{"id":"a\u00e9\\\n"}}""", "aé\\\n")]
    [InlineData("""{"d":{"id":"\ud83d\ude00\ud83d"}}""", "😀\uFFFD")]
    [InlineData("""{"d":{"id":12345678901234567890}}""", "12345678901234567890")]
    [InlineData("""{"d":{"id":1.50}}""", "1.50")]
    [InlineData("""{"d":{"id":false}}""", "false")]
    [InlineData("""{"d":{"id":null}}""", null)]
    [InlineData("""{"d":{"id":[1]}}""", null)]
    [InlineData("""{"d":{"id":{}}}""", null)]
    [InlineData("""{"d":{}}""", null)]
    [InlineData("""7""", null)]
    public void A_key_is_a_text_as_it_is_or_a_numbers_own_text(string json, string? expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var found = new KeyReader(JsonPath.Parse("d.id")).TryRead(bytes, new byte[bytes.Length], out var key);
        Assert.Equal(expected, found ? Encoding.UTF8.GetString(key) : null);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a.b[3].c", "a.b[3].c")]
    [InlineData("[x y].\"z.w\"", "[x y].[z.w]")]
    [InlineData("[0]", "0")]
    public void A_path_is_written_as_it_is_read(string text, string expected) =>
        Assert.Equal(expected, JsonPath.Parse(text).ToString());

    [Theory]
    [InlineData("", "column 1: a name was expected")]
    [InlineData("a.", "column 3: a name was expected")]
    [InlineData("a..b", "column 3: a name was expected")]
    [InlineData("a[", "column 2: a name was expected")]
    [InlineData("a]b", "column 2: '.' or '[' was expected")]
    public void What_is_no_path_is_refused(string text, string expected)
    {
        Assert.False(JsonPath.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }
}
