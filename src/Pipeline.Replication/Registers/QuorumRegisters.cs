using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Registers;

/// <summary>The registers of a set of stores, on one loop; may be used from any thread.</summary>
public sealed class QuorumRegisters(IStoreSet stores, ILoop loop, Random draw, RegisterOptions? options = null)
    : IRegisters
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BlobName, QuorumRegister> _open = [];
    private readonly RegisterOptions _options = options ?? new RegisterOptions();

    public IRegister Open(BlobName name) => Get(name);

    public ValueTask<RegisterOutcome> BearAsync(
        BlobName name, ReadOnlyMemory<byte> initial, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(initial.Length);
        return Get(name).RunAsync(RegisterInput.Bear(initial), null, cancellationToken);
    }

    public ValueTask<RegisterOutcome> RejoinAsync(
        BlobName name, IBlobStore target, CancellationToken cancellationToken)
    {
        var members = stores.Members;
        var index = 0;
        while (index < members.Count && members[index].Id != target.Id)
        {
            index++;
        }

        IBlobStore[] learners = index < members.Count ? [] : [target];
        var voters = new FixedStores(members, stores.Quorum);
        QuorumRegister register;
        lock (_lock)
        {
            register = new QuorumRegister(name, voters, learners, loop, draw, _options);
        }

        return register.RunAsync(RegisterInput.Rejoin(index), null, cancellationToken);
    }

    private QuorumRegister Get(BlobName name)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(name, out var register))
            {
                register = new QuorumRegister(name, stores, [], loop, draw, _options);
                _open.Add(name, register);
            }

            return register;
        }
    }
}
