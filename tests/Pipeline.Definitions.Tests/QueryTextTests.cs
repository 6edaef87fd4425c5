using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class QueryTextTests
{
    [Theory]
    [InlineData("name: a\nstages:\n  s:\n    query: |\n      SELECT x\n      FRUM y\n")]
    [InlineData("name: a\nstages:\n  s:\n    query: >-\n      SELECT x\n      FRUM y\n")]
    [InlineData("name: a\nstages:\n  s:\n    query: SELECT x\n      FRUM y\n")]
    [InlineData("name: a\nstages: { s: { query: 'SELECT x FRUM y' } }\n")]
    [InlineData("name: a\nstages: { s: { query: \"SELECT x FRUM y\" } }\n")]
    [InlineData("{ \"name\": \"a\", \"stages\": { \"s\": { \"query\": \"SELECT x\\n\\tFRUM y\" } } }")]
    public void A_place_in_the_query_is_found_in_the_file_whatever_the_style(string text)
    {
        var query = DefinitionReader.Read(text, DefinitionVariables.None).Definition!.Stages[0].Query!;
        var index = query.Text.IndexOf("FRUM", StringComparison.Ordinal);
        var line = query.Text[..index].Count(c => c == '\n') + 1;
        var column = index - query.Text.LastIndexOf('\n', index);
        var place = query.InFile(line, column);
        var lines = text.Split('\n');
        Assert.StartsWith("FRUM", lines[place.Line - 1][(place.Column - 1)..]);
    }
}
