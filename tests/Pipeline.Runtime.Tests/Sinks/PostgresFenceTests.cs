using Pipeline.Definitions;
using Pipeline.Processing.Sinks;
using Pipeline.Processing.Tables;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>Of two activations only the later one writes, whatever the earlier one believes.</summary>
[Collection(nameof(PostgresTests))]
public sealed class PostgresFenceTests(PostgresPlaces places)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_activation_writes_nothing_after_a_later_one_has_entered()
    {
        var schema = await places.MakeAsync("CREATE TABLE SCHEMA.rows (n int)");
        var (older, later) = (Open(schema), Open(schema));
        Assert.Equal(0, await older.EnterAsync(new SinkEntrance(1, 0, false), Token));
        Assert.Equal(SinkVerdict.Written, (await older.WriteAsync(Batch(0), Token)).Verdict);

        Assert.Equal(1, await later.EnterAsync(new SinkEntrance(2, 0, true), Token));
        await Assert.ThrowsAsync<SinkTargetException>(async () => await older.WriteAsync(Batch(1), Token));
        Assert.Null(await older.EnterAsync(new SinkEntrance(1, 0, true), Token));
        Assert.Equal(SinkVerdict.Overtaken, (await older.WriteAsync(Batch(1), Token)).Verdict);

        Assert.Equal(SinkVerdict.Written, (await later.WriteAsync(Batch(1), Token)).Verdict);
        Assert.Equal(SinkVerdict.Overtaken, (await later.WriteAsync(Batch(1), Token)).Verdict);
        await older.LeaveAsync();
        await later.LeaveAsync();
        Assert.Equal(["0", "1"], await places.Cluster.QueryAsync($"SELECT n FROM {schema}.rows ORDER BY n"));
    }

    [Fact]
    public async Task The_cursor_of_the_target_counts_where_it_was_written_last_and_else_the_larger_one()
    {
        var schema = await places.MakeAsync("CREATE TABLE SCHEMA.rows (n int)");
        var table = Open(schema);
        var epoch = 0L;
        Assert.Equal(5, await EnterAsync(5, false));
        Assert.Equal(5, await EnterAsync(9, true));
        Assert.Equal(5, await EnterAsync(3, false));
        Assert.Equal(9, await EnterAsync(9, false));
        await places.Cluster.QueryAsync($"DELETE FROM {schema}.pipeline_cursors");
        var error = await Assert.ThrowsAsync<SinkTargetException>(() => EnterAsync(9, true));
        Assert.True(error.NeedsPerson);
        await table.LeaveAsync();

        async Task<long?> EnterAsync(long cursor, bool isKnown)
        {
            await table.LeaveAsync();
            return await table.EnterAsync(new SinkEntrance(++epoch, cursor, isKnown), Token);
        }
    }

    /// <summary>The old service went on after the backup was cut: the table has rows that the stream has not.</summary>
    [Fact]
    public async Task A_table_that_is_ahead_of_a_restored_stream_says_so_however_far_the_stream_has_come_since()
    {
        var schema = await places.MakeAsync("CREATE TABLE SCHEMA.rows (n int)");
        var table = Open(schema);
        Assert.Equal(7, await EnterAsync(4, 7, long.MaxValue));

        // As the restored service comes: its cut was at 5, and it is at 100 now.
        var raised = 5 + (2 * SinkEntrance.HistoryEpochs);
        var error = await Assert.ThrowsAsync<SinkTargetException>(() => EnterAsync(raised, 3, 5));
        Assert.True(error.NeedsPerson);
        Assert.Contains("set position to 5", error.Message, StringComparison.Ordinal);
        await places.Cluster.QueryAsync($"UPDATE {schema}.pipeline_cursors SET position = 5");
        Assert.Equal(5, await EnterAsync(raised, 3, 5));

        // What it wrote itself since is its own.
        await places.Cluster.QueryAsync($"UPDATE {schema}.pipeline_cursors SET position = 100");
        Assert.Equal(100, await EnterAsync(raised + 1, 3, 5));
        await table.LeaveAsync();

        async Task<long?> EnterAsync(long epoch, long cursor, long restored)
        {
            await table.LeaveAsync();
            return await table.EnterAsync(
                new SinkEntrance(epoch, cursor, IsKnown: epoch > 5) { RestoredEnd = restored }, Token);
        }
    }

    private static SinkBatch Batch(long n) =>
        new(n, [new SinkRow(n, 0, System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{n}}}"""))], n + 1);

    private PostgresTable Open(string schema) => new(
        new PostgresSinkDefinition { Connection = places.Cluster.ConnectionString, Table = $"{schema}.rows" },
        static () => new TableCursorKey("catalog", 1, "sink", 2, 3, "pipeline"));
}
