using System.Text;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Tests.Json;

public sealed class FieldReaderTests
{
    [Theory]
    [InlineData("""{"a":1}""", "a", "1")]
    [InlineData(""" { "a" : 1 , "b" : 2 } """, "b", "2")]
    [InlineData("""{"a":{"b":{"c":"x"}}}""", "a.b.c", "\"x\"")]
    [InlineData("""{"a":[1,[2,{"b":3}]]}""", "a[1][1].b", "3")]
    [InlineData("""[10,20]""", "a", "")]
    [InlineData("""{"a":null}""", "a", "null")]
    [InlineData("""{"a":{}}""", "a.b", "")]
    [InlineData("""{"a":[]}""", "a[0]", "")]
    [InlineData("""{"x":"\"a\":1","a":2}""", "a", "2")]
    [InlineData("""{"x":{"a":1},"a":2}""", "a", "2")]
    [InlineData("""{"x":["}","]",{"a":[]}],"a":2}""", "a", "2")]
    [InlineData("""{"\u0061":5}""", "a", "5")]
    [InlineData("""{"a\"b":5}""", "[a\"b]", "5")]
    [InlineData("""{"x y":5}""", "[x y]", "5")]
    [InlineData("""{"é":5}""", "é", "5")]
    [InlineData("""{"a":"long text that is longer than one vector of thirty-two bytes \\\"","b":7}""", "b", "7")]
    public void A_path_finds_its_value(string json, string path, string expected) =>
        Assert.Equal(expected, Find(json, path));

    [Theory]
    [InlineData("""{"A":1,"a":2}""", "a", "2")]
    [InlineData("""{"a":1,"A":2}""", "a", "1")]
    [InlineData("""{"A":1}""", "a", "1")]
    [InlineData("""{"É":1}""", "é", "")]
    [InlineData("""{"a":1,"a":2}""", "a", "1")]
    [InlineData("""{"A":1,"A":2}""", "a", "1")]
    [InlineData("""{"A":{"b":1},"a":{"c":2}}""", "a.b", "")]
    [InlineData("""{"A":{"B":1}}""", "a.b", "1")]
    public void An_exact_name_counts_before_one_in_another_case_and_the_first_before_the_next(
        string json, string path, string expected) => Assert.Equal(expected, Find(json, path));

    [Fact]
    public void A_value_can_be_wanted_whole_and_in_parts()
    {
        string[] paths = ["a", "a.b", "a.c[1]", "d"];
        var reader = new FieldReader([.. paths.Select(JsonPath.Parse)]);
        Assert.Equal(
            ["""{"b":1,"c":[2,3]}""", "1", "3", "4"], Values(reader, """{"a":{"b":1,"c":[2,3]},"d":4}"""));
        Assert.Equal(["5", "", "", "4"], Values(reader, """{"a":5,"d":4}"""));
    }

    [Fact]
    public void More_than_64_fields_are_found()
    {
        var reader = new FieldReader([.. Enumerable.Range(0, 200).Select(i => JsonPath.Parse($"f{i}"))]);
        var json = "{" + string.Join(",", Enumerable.Range(0, 200).Reverse().Select(i => $"\"f{i}\":{i}")) + "}";
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), Values(reader, json));
    }

    [Fact]
    public void It_agrees_with_a_whole_parser_on_random_values()
    {
        string[] paths = ["a", "b", "a.b", "b.a", "a.b.c", "a[0]", "a[1].b", "c.a[1]", "c"];
        var reader = new FieldReader([.. paths.Select(JsonPath.Parse)]);
        for (var seed = 0; seed < 3000; seed++)
        {
            var json = RandomJson.Object(new Random(seed), 3);
            Assert.Equal(paths.Select(p => RandomJson.Find(json, p)), Values(reader, json));
        }
    }

    [Fact]
    public void Any_bytes_are_read_without_leaving_them()
    {
        var reader = new FieldReader([JsonPath.Parse("a"), JsonPath.Parse("a.b[1]"), JsonPath.Parse("c")]);
        var slots = new FieldSlot[3];
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var bytes = Encoding.UTF8.GetBytes(RandomJson.Object(random, 3));
            bytes = bytes[..random.Next(bytes.Length + 1)];
            for (var i = 0; i < bytes.Length / 8; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)"{}[]\",:\\a1 "[random.Next(11)];
            }

            reader.Read(bytes, slots);
            Assert.All(slots, slot => Assert.InRange(slot.Start + slot.Length, 0, bytes.Length));
        }
    }

    private static string Find(string json, string path) => Values(new FieldReader([JsonPath.Parse(path)]), json)[0];

    private static string[] Values(FieldReader reader, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var slots = new FieldSlot[reader.SlotCount];
        reader.Read(bytes, slots);
        return [.. slots.Select(slot => Encoding.UTF8.GetString(slot.Of(bytes)))];
    }
}
