using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class DefinitionBoundsTests
{
    [Theory]
    [InlineData("name: x\nstages:\n", "- ", 25_400, "1", "3:")]
    [InlineData("name: x\nstages:\n", "- ", 500_000, "", "3:")]
    [InlineData("", "? ", 200_000, "", "1:")]
    [InlineData("", "{\"a\":", 100_000, "1", "1:")]
    [InlineData("name: ", "[", 200_000, "", "1:")]
    [InlineData("name: ", "[", 40_000, "]", "1:")]
    [InlineData("name: ", "[\n", 200_000, "", "3")]
    [InlineData("name: ", "{a: ", 100_000, "}", "1:")]
    [InlineData("", "{\"a\":[", 100_000, "]}", "1:")]
    public void Deep_nesting_is_refused_where_it_becomes_too_deep(
        string before, string each, int times, string end, string place)
    {
        var error = Assert.Single(Read(before + string.Concat(Enumerable.Repeat(each, times)) + end).Errors);
        Assert.StartsWith(place, error.ToString());
        Assert.True(
            error.Message.StartsWith("The definition is nested deeper than 32.", StringComparison.Ordinal)
                || error.Message == "Not valid YAML: a field's name must be text.",
            error.Message);
    }

    [Fact]
    public void Blocks_within_blocks_are_refused_too()
    {
        var text = string.Concat(Enumerable.Range(0, 900).Select(i => new string(' ', i) + "a:\n"));
        Assert.Equal(
            "33:33: The definition is nested deeper than 32.", Assert.Single(Read(text).Errors).ToString());
    }

    [Fact]
    public void Aliases_are_refused_before_anything_is_done_with_them()
    {
        var lines = Enumerable.Range(1, 11).Select(
            n => $"a{n}: &a{n} [{string.Join(", ", Enumerable.Repeat($"*a{n - 1}", 10))}]");
        var first = string.Join(", ", Enumerable.Repeat("x", 10));
        var text = $"a0: &a0 [{first}]\n{string.Join('\n', lines)}\n? *a11\n: 1";
        Assert.Equal(
            "1:5: Anchors (&name) are not read in definitions: write each value out.",
            Assert.Single(Read(text).Errors).ToString());
        Assert.Equal(
            "1:7: Aliases (*name) are not read in definitions: write the value out.",
            Assert.Single(Read("name: *a").Errors).ToString());
        Assert.Equal(
            "1:7: Tags (!name) are not read in definitions.", Assert.Single(Read("name: !x y").Errors).ToString());
    }

    [Fact]
    public void Many_mistakes_are_cut_off_and_counted()
    {
        var text = "name: a\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"f{i}: 1\n"));
        var errors = Read(text).Errors;
        Assert.Equal(100, errors.Count);
        Assert.Equal("101:1: … and 19901 more mistakes.", errors[^1].ToString());
        Assert.StartsWith("2:1: A pipeline has no field 'f0'.", errors[0].ToString());
    }

    [Fact]
    public void Too_many_values_are_refused()
    {
        var text = string.Concat(Enumerable.Range(0, 90_000).Select(i => $"f{i}: 1\n"));
        Assert.Equal("25000:9: A definition has at most 50000 values.", Assert.Single(Read(text).Errors).ToString());
    }

    [Theory]
    [InlineData("name: ", "")]
    [InlineData("name: a\nstreams: { ? ", " : {} }")]
    [InlineData("name: a\nstreams: { s: { partitions: ", " } }")]
    [InlineData("name: a\nstreams: { s: { key: a..", " } }")]
    [InlineData("name: a\nstages: { s: { code: x, from: y, onError: ", " } }")]
    [InlineData("name: a\n", ": 1")]
    [InlineData("name: ", ": - [")]
    [InlineData("name: &", "")]
    [InlineData("name: *", "")]
    [InlineData("name: !<", ">")]
    [InlineData("%TAG ! ", "")]
    public void Long_texts_are_cut_in_messages(string before, string after)
    {
        var errors = Read(before + new string('9', 500_000) + after).Errors;
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.True(error.Message.Length <= 600, error.Message));
    }

    [Fact]
    public void What_a_terminal_would_obey_is_shown_as_its_number()
    {
        var error = Assert.Single(Read("name: \"a\\e[31m\\u202E\\uFEFF\"").Errors);
        Assert.StartsWith("1:7: 'a\\u001b[31m\\u202e\\ufeff' is not a pipeline's name", error.ToString());
    }

    [Theory]
    [InlineData("streams", "s{0}: {{}}", 257, "A definition has at most 256 streams.")]
    [InlineData("stages", "s{0}: {{ code: A, from: b }}", 257, "A definition has at most 256 stages.")]
    [InlineData("sinks", "s{0}: {{ from: b, files: {{ path: 'o{0}' }} }}", 65, "A definition has at most 64 sinks.")]
    public void The_parts_of_a_definition_are_counted(string part, string each, int count, string message)
    {
        string Text(int n) => $"name: a\n{part}:\n" + string.Concat(
            Enumerable.Range(0, n).Select(i => "  " + string.Format(null, each, i) + "\n"));
        Assert.Empty(Read(Text(count - 1)).Errors);
        Assert.Equal($"{count + 2}:3: {message}", Assert.Single(Read(Text(count)).Errors).ToString());
    }

    [Theory]
    [InlineData("name: a\nstreams: { s: { key: ", " } }", "more than 64 names")]
    [InlineData("name: a\nstreams: { s: { time: ", " } }", "more than 64 names")]
    public void A_dotted_path_is_not_deeper_than_events(string before, string after, string message)
    {
        Assert.Empty(Read(before + string.Join('.', Enumerable.Repeat("a", 64)) + after).Errors);
        Assert.Contains(message, Assert.Single(
            Read(before + string.Join('.', Enumerable.Repeat("a", 65)) + after).Errors).Message);
    }

    [Fact]
    public void A_long_query_is_refused()
    {
        var text = "name: a\nstages: { s: { query: '" + new string('x', 70_000) + "' } }";
        Assert.Equal("2:23: A query has at most 65536 characters.", Assert.Single(Read(text).Errors).ToString());
    }

    [Fact]
    public void A_text_beyond_the_limit_is_not_read_at_all() => Assert.Equal(
        "1:1: The definition is longer than 1048576 characters.",
        Assert.Single(Read(new string('[', (1 << 20) + 1)).Errors).ToString());

    [Fact]
    public void Reading_ends_when_nobody_waits_for_it_any_more()
    {
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => DefinitionReader.Read("name: a", DefinitionVariables.None, gone.Token));
    }

    private static DefinitionOutcome Read(string text) => DefinitionReader.Read(text, DefinitionVariables.None);
}
