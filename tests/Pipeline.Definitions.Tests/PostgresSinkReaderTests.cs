using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class PostgresSinkReaderTests
{
    private const string Secret = "Host=db;Password=secret";

    [Theory]
    [InlineData("table: t", "", "t")]
    [InlineData("table: s.t, key: a", "a", "s.t")]
    [InlineData("table: t, key: [a, B]", "a,B", "t")]
    public void A_table_with_a_key_or_without(string fields, string key, string table)
    {
        var outcome = Read($$"""postgres: { connection: "${PG}", {{fields}} }""");
        Assert.Empty(outcome.Errors);
        var sink = Assert.IsType<PostgresSinkDefinition>(outcome.Definition!.Sinks[0].Target);
        Assert.Equal((table, key), (sink.Table, string.Join(',', sink.Key)));
        Assert.Equal((Secret, "${PG}"), (sink.Connection, sink.WrittenConnection));
        Assert.DoesNotContain("secret", sink.Signature, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "postgres: { connection: 'Host=db; Password=oops', table: t }",
        "2:48: Sink 'p': 'postgres': 'connection' has a password in it, which everybody would see who may read the "
            + "definition: put the connection string into an environment variable and write ${NAME}.")]
    [InlineData(
        "postgres: { connection: Host=db, table: a.b.c }",
        "2:64: Sink 'p': 'postgres': 'table' 'a.b.c' has more than 1 dot: write its name as the database has it, or "
            + "'schema.table'.")]
    [InlineData(
        "postgres: { connection: Host=db, table: s.Pipeline_Cursors }",
        "2:64: Sink 'p': 'postgres': 'table' must not be pipeline_cursors: how far each sink has come is kept there.")]
    [InlineData(
        "postgres: { connection: Host=db, table: a, key: [x, x] }",
        "2:76: Sink 'p': 'postgres': 'key' names 'x' twice.")]
    [InlineData(
        "postgres: { connection: Host=db, table: a, key: [] }",
        "2:72: Sink 'p': 'postgres': 'key' must be a text or a list of 1 to 32 texts, not a list.")]
    [InlineData(
        "postgres: { connection: Host=db, table: a, key: [{ }] }",
        "2:73: Sink 'p': 'postgres': 'key' must be a text or a list of texts, written out, not a mapping.")]
    [InlineData(
        "postgres: { connection: Host=db, table: '${PG}' }",
        "2:64: Sink 'p': 'postgres': 'table' must be written out, not '${PG}': it is shown to everybody and must not "
            + "change with the host's environment.")]
    [InlineData(
        "postgres: { connection: Host=db, tabel: a }",
        "2:57: Sink 'p': 'postgres' has no field 'tabel'. Known: connection, table, key.")]
    [InlineData(
        "postgres: { connection: Host=db, table: a }, files: { path: x }",
        "2:24: Sink 'p' says where it writes more than once: files, postgres. Give each a sink of its own.")]
    [InlineData("", "2:10: Sink 'p' lacks the field that says where it writes: files, blob, postgres, webhook.")]
    public void A_mistake_is_told_with_its_place_and_what_to_do(string fields, string error) =>
        Assert.Contains(error, Read(fields).Errors.Select(static found => found.ToString()));

    [Fact]
    public void A_password_may_be_a_variable_in_a_string_that_is_written_out() =>
        Assert.Empty(Read("postgres: { connection: 'Host=db;Password=${PG}', table: t }").Errors);

    private static DefinitionOutcome Read(string fields) => DefinitionReader.Read(
        $"name: a\nsinks: {{ p: {{ from: x, {fields} }} }}", DefinitionVariables.Of("*", static _ => Secret));
}
