using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// One register as it lies on the stores, looked at without proposing anything. Its value counts only where a majority
/// accepted it at one ballot.
/// </summary>
internal sealed class RegisterCopies(BlobName name, int quorum)
{
    private readonly List<(StoreMember Member, FindingKind? Fault, RegisterState State)> _copies = [];

    public BlobName Name => name;

    /// <summary>The value a majority accepted at one ballot; null where there is none such.</summary>
    public ReadOnlyMemory<byte>? Chosen
    {
        get
        {
            foreach (var (_, fault, state) in _copies)
            {
                if (fault is null
                    && _copies.Count(copy => copy.Fault is null && copy.State.HasSameValueAs(state)) >= quorum)
                {
                    return state.Value;
                }
            }

            return null;
        }
    }

    /// <summary>
    /// Whoever bore it did not come to a majority: a majority lacks it, and nobody has touched it elsewhere. Nothing
    /// names such a register.
    /// </summary>
    public bool IsUnborn =>
        _copies.Count(static copy => copy.Fault == FindingKind.Missing) >= quorum
        && _copies.TrueForAll(static copy => copy.Fault == FindingKind.Missing
            || (copy.Fault is null && copy.State.Promised == Ballot.Birth && copy.State.Accepted == Ballot.Birth));

    /// <summary>Stores where it is missing, damaged or unreadable.</summary>
    public IEnumerable<(StoreMember Member, FindingKind Fault)> Faults => _copies
        .Where(static copy => copy.Fault is not null)
        .Select(static copy => (copy.Member, copy.Fault.GetValueOrDefault()));

    public async Task ReadAsync(IReadOnlyList<StoreMember> members, StoreReading reading)
    {
        _copies.Clear();
        foreach (var member in members)
        {
            var content = await reading.GetAsync(member.Store, name);
            var state = default(RegisterState);
            FindingKind? fault = content.Status switch
            {
                BlobStatus.Ok => Judge(RegisterStateCodec.Decode(content.Bytes, out state)),
                BlobStatus.NotFound => FindingKind.Missing,
                _ => FindingKind.Unreadable,
            };
            _copies.Add((member, fault, state));
        }
    }

    private static FindingKind? Judge(RegisterReading reading) => reading switch
    {
        RegisterReading.Whole => null,
        RegisterReading.Damaged => FindingKind.Damaged,
        _ => FindingKind.Unreadable,
    };
}
