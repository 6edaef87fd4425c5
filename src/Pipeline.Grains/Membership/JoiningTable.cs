using Pipeline.Replication.Loops;

namespace Pipeline.Grains.Membership;

/// <summary>
/// The membership table as a silo sees it that joins: from a read to the write that follows from it, no other silo that
/// joins changes the table. Without it, of silos that start together some write what others have changed since they
/// read, and Orleans waits 2 to 4 s until it tries again. Once the silo is active, the table is as it was.
/// </summary>
internal sealed class JoiningTable(
    IMembershipTable table,
    Func<CancellationToken, Task<IAsyncDisposable?>> takeTurn,
    TimeProvider time,
    Supervisor supervisor)
    : IMembershipTable, IDisposable
{
    /// <summary>After a read that no write follows.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _gate = new(1);
    private IAsyncDisposable? _turn;
    private volatile bool _isActive;

    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        table.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        table.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) =>
        table.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken);

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        return await table.ReadRowAsync(key, cancellationToken);
    }

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        return await table.ReadAllAsync(cancellationToken);
    }

    public Task<bool> InsertRowAsync(
        MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        WriteAsync(entry, () => table.InsertRowAsync(entry, tableVersion, cancellationToken));

    public Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        WriteAsync(entry, () => table.UpdateRowAsync(entry, etag, tableVersion, cancellationToken));

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) =>
        table.UpdateIAmAliveAsync(entry, cancellationToken);

    public Task InitializeMembershipTable(bool tryInitTableVersion) =>
        InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    public Task DeleteMembershipTableEntries(string clusterId) =>
        DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync(CancellationToken.None);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        InsertRowAsync(entry, tableVersion, CancellationToken.None);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    public void Dispose() => _gate.Dispose();

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_isActive)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref _turn) is null && await takeTurn(cancellationToken) is { } turn)
            {
                Volatile.Write(ref _turn, turn);
                supervisor.Run("join turn", () => EndLaterAsync(turn));
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> WriteAsync(MembershipEntry entry, Func<Task<bool>> write)
    {
        try
        {
            var isWritten = await write();
            _isActive |= isWritten && entry.Status == SiloStatus.Active;
            return isWritten;
        }
        finally
        {
            await (Interlocked.Exchange(ref _turn, null)?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task EndLaterAsync(IAsyncDisposable turn)
    {
        await Task.Delay(LongestTurn, time);
        if (Interlocked.CompareExchange(ref _turn, null, turn) == turn)
        {
            await turn.DisposeAsync();
        }
    }
}
