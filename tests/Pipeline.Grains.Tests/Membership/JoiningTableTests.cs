using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Pipeline.Grains.Membership;
using Pipeline.Replication.Loops;
using Pipeline.TestKit.Programs;

namespace Pipeline.Grains.Tests.Membership;

/// <summary>Silos that join at the same time, over a lock of a real database.</summary>
public sealed class JoiningTableTests : IAsyncLifetime
{
    private readonly VersionedTable _table = new();
    private readonly List<NpgsqlDataSource> _sources = [];
    private PostgresCluster _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await PostgresCluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Silos_that_join_at_once_do_not_write_what_another_changed_since_they_read()
    {
        var written = await Task.WhenAll(Enumerable.Range(0, 4).Select(async silo =>
        {
            using var table = Join();
            var results = new List<bool>();
            for (var i = 0; i < 5; i++)
            {
                var read = await table.ReadAllAsync(Cancellation);
                await Task.Delay(10 + (5 * silo), Cancellation);
                var entry = Entry(silo, SiloStatus.Joining);
                results.Add(await table.InsertRowAsync(entry, read.Version.Next(), Cancellation));
            }

            return results;
        }));

        Assert.All(written.SelectMany(static of => of), static isWritten => Assert.True(isWritten, "a conflict"));
        Assert.Equal(20, _table.Version);
    }

    [Fact]
    public async Task A_read_that_no_write_follows_holds_others_up_for_a_moment_only()
    {
        using var idle = Join();
        using var busy = Join();
        await idle.ReadAllAsync(Cancellation);

        var watch = Stopwatch.StartNew();
        var read = await busy.ReadAllAsync(Cancellation);

        Assert.InRange(watch.ElapsedMilliseconds, 50, 900);
        Assert.True(await busy.InsertRowAsync(Entry(1, SiloStatus.Joining), read.Version.Next(), Cancellation));
    }

    [Fact]
    public async Task One_that_holds_the_lock_and_hangs_loses_it_and_nobody_waits_longer_than_a_second_for_it()
    {
        await using var hangs = await Turn().TakeAsync(Cancellation);
        Assert.NotNull(hangs);

        var watch = Stopwatch.StartNew();
        Assert.Null(await Turn().TakeAsync(Cancellation));
        Assert.InRange(watch.ElapsedMilliseconds, 900, 1_900);

        await using var next = await Turn().TakeAsync(Cancellation);
        Assert.NotNull(next);
        await using var elsewhere = await Turn("another cluster").TakeAsync(Cancellation);
        Assert.NotNull(elsewhere);
    }

    [Fact]
    public async Task Without_the_lock_the_table_is_read_and_written_all_the_same()
    {
        using var table = Join();
        await _server.StopAsync();

        var read = await table.ReadRowAsync(Address(1), Cancellation);

        Assert.True(await table.InsertRowAsync(Entry(1, SiloStatus.Joining), read.Version.Next(), Cancellation));
        Assert.False(await table.UpdateRowAsync(Entry(1, SiloStatus.Active), "", read.Version.Next(), Cancellation));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_not_waited_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username=x;Database=x");

        var watch = Stopwatch.StartNew();
        Assert.Null(await new JoinTurn(source, "pipeline", new Supervisor()).TakeAsync(Cancellation));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task Once_it_is_active_a_silo_takes_no_turn()
    {
        using var table = Join();
        var read = await table.ReadAllAsync(Cancellation);
        Assert.True(await table.UpdateRowAsync(Entry(1, SiloStatus.Active), "", read.Version.Next(), Cancellation));

        await table.ReadAllAsync(Cancellation);

        await using var turn = await Turn().TakeAsync(Cancellation);
        Assert.NotNull(turn);
        await table.ReadAllAsync(Cancellation);
    }

    private static SiloAddress Address(int silo) =>
        SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1_000 + silo), 1);

    private static MembershipEntry Entry(int silo, SiloStatus status) =>
        new() { SiloAddress = Address(silo), Status = status };

    private JoiningTable Join() => new(_table, Turn().TakeAsync, TimeProvider.System, new Supervisor());

    private JoinTurn Turn(string cluster = "pipeline")
    {
        var source = NpgsqlDataSource.Create(_server.ConnectionString);
        _sources.Add(source);
        return new JoinTurn(source, cluster, new Supervisor());
    }

    /// <summary>Takes a write only where nothing changed since the version that it names was read.</summary>
    private sealed class VersionedTable : IMembershipTable
    {
        private int _version;

        public int Version => Volatile.Read(ref _version);

        public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

        public Task DeleteMembershipTableEntries(string clusterId) => Task.CompletedTask;

        public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => Task.CompletedTask;

        public Task UpdateIAmAlive(MembershipEntry entry) => Task.CompletedTask;

        public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadAll();

        public Task<MembershipTableData> ReadAll() =>
            Task.FromResult(new MembershipTableData([], new TableVersion(Version, $"{Version}")));

        public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
            Task.FromResult(Interlocked.CompareExchange(
                ref _version, tableVersion.Version, tableVersion.Version - 1) == tableVersion.Version - 1);

        public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
            InsertRow(entry, tableVersion);
    }
}
