using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Registers;

/// <summary>
/// Reads the register that itself names the stores that vote, before they are known. A store that the value does not
/// name never counts, whatever lies on it.
/// </summary>
public sealed class RootRegister(
    BlobName name, int quorum, ILoop loop, Random draw, RegisterOptions? options = null)
{
    private const int AttemptsMax = 8;
    private readonly RegisterOptions _options = options ?? new RegisterOptions();

    /// <summary>
    /// A linearizable read. Call on the loop.
    /// </summary>
    /// <param name="stores">All stores found in the configured slots.</param>
    /// <param name="membersOf">Who votes, according to a value; null where it cannot be read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<RegisterOutcome> ReadAsync(
        IReadOnlyList<IBlobStore> stores,
        Func<ReadOnlyMemory<byte>, IReadOnlyList<StoreId>?> membersOf,
        CancellationToken cancellationToken)
    {
        var peek = await new RegisterPeek(name, stores, quorum, loop, _options).RunAsync();
        if (peek.Status != RegisterStatus.Chosen)
        {
            return peek;
        }

        var members = membersOf(peek.Value) ?? [];
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            StoreMember[] voters = [.. stores
                .Where(store => members.Contains(store.Id))
                .Select(static store => new StoreMember(store.Name, store.Id, store))];
            if (voters.Length < quorum)
            {
                return Unavailable($"only {voters.Length} of the stores that vote are there");
            }

            var register = new QuorumRegister(name, new FixedStores(voters, quorum), [], loop, draw, _options);
            var read = await register.ReadAsync(cancellationToken);
            if (read.Status != RegisterStatus.Chosen)
            {
                return read;
            }

            var named = membersOf(read.Value);
            if (named is null)
            {
                return Unavailable("its value cannot be read");
            }

            if (named.SequenceEqual(members))
            {
                return read;
            }

            members = named;
        }

        return Unavailable("the stores that vote keep changing");
    }

    private RegisterOutcome Unavailable(string why) => new(RegisterStatus.Unavailable, default, $"{name}: {why}");
}
