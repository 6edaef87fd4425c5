using Pipeline.Kernel.Identity;
using Pipeline.Replication.Registers;

namespace Pipeline.Runtime.Catalog;

/// <summary>The catalog on the stores.</summary>
public sealed class CatalogRegister(IRegisters registers, Random draw)
{
    public static readonly BlobName Name = new("registers/catalog");

    private readonly IRegister _register = registers.Open(Name);
    private readonly long _keeper = draw.NextInt64(1, long.MaxValue);

    /// <summary>
    /// Reads it; where the stores have none yet (they were formatted just now), it is born empty. Null: no majority.
    /// </summary>
    public async ValueTask<CatalogState?> OpenAsync(CancellationToken cancellationToken)
    {
        var outcome = await _register.ReadAsync(cancellationToken);
        if (outcome.Status == RegisterStatus.NotBorn)
        {
            var born = CatalogState.Empty with { Id = NewId() };
            await registers.BearAsync(Name, CatalogCodec.Write(born), cancellationToken);
            outcome = await _register.ReadAsync(cancellationToken);
        }

        return outcome.Status == RegisterStatus.Chosen ? CatalogCodec.Read(outcome.Value.Span) : null;
    }

    /// <summary>
    /// Makes this the only keeper that may change it: whoever kept it until now finds that out with its next change.
    /// Null: no majority.
    /// </summary>
    public async ValueTask<CatalogState?> ClaimAsync(CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken) is null)
        {
            return null;
        }

        var outcome = await _register.ProposeAsync(
            value =>
            {
                var state = CatalogCodec.Read(value.Span);
                return state.Keeper == _keeper
                    ? null
                    : CatalogCodec.Write(state with { Version = state.Version + 1, Keeper = _keeper });
            },
            cancellationToken);
        return outcome.Status is RegisterStatus.Chosen or RegisterStatus.Declined
            ? CatalogCodec.Read(outcome.Value.Span)
            : null;
    }

    /// <summary>Whether this is the keeper that a catalog names.</summary>
    public bool IsKeeperOf(CatalogState state) => state.Keeper == _keeper;

    /// <summary>
    /// Changes it; <paramref name="change"/> returns null to leave it as it is. The catalog after it, and whether
    /// that is
    /// what the change made of it; null where no majority answered: then the change may yet happen.
    /// </summary>
    public async ValueTask<CatalogChange?> ChangeAsync(
        Func<CatalogState, CatalogState?> change, CancellationToken cancellationToken)
    {
        var mark = draw.NextInt64(1, long.MaxValue);
        var outcome = await _register.ProposeAsync(
            value =>
            {
                var state = CatalogCodec.Read(value.Span);
                return state.Keeper == _keeper && state.Change != mark && change(state) is { } next
                    ? CatalogCodec.Write(next with { Version = state.Version + 1, Change = mark })
                    : null;
            },
            cancellationToken);
        if (outcome.Status is not (RegisterStatus.Chosen or RegisterStatus.Declined))
        {
            return null;
        }

        var after = CatalogCodec.Read(outcome.Value.Span);
        return new CatalogChange(after, after.Change == mark, after.Keeper != _keeper);
    }

    private string NewId()
    {
        var id = new byte[16];
        draw.NextBytes(id);
        return Convert.ToHexStringLower(id);
    }
}
