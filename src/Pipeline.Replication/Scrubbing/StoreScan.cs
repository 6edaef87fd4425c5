using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// Looks at everything some stores must hold, and, with a <see cref="StoreRepair"/>, puts right what is wrong. What
/// must be there is taken from chosen register values only, never from one store's word. A log that the catalog does
/// not name, because it is being deleted or was, is left alone: repairing it would bring it back.
/// </summary>
/// <param name="sources">The stores that vote: they say what must be there, and give it.</param>
/// <param name="targets">The stores looked at: the same ones, or one that is being filled.</param>
/// <param name="quorum">Of the sources.</param>
/// <param name="named">Which logs there are.</param>
/// <param name="votes">Whether a store votes, also one that does not answer now.</param>
/// <param name="reading">How to read.</param>
/// <param name="repair">Null: look only.</param>
internal sealed class StoreScan(
    IReadOnlyList<StoreMember> sources,
    IReadOnlyList<StoreMember> targets,
    int quorum,
    INamedLogs named,
    Func<StoreId, bool> votes,
    StoreReading reading,
    StoreRepair? repair)
{
    private const int ReadAttempts = 3;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);
    private const string RegisterPrefix = "registers/";
    private const string LogPrefix = "logs/";

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<StoreId, HashSet<BlobName>> _names = [];
    private NamedLogs? _catalog;
    private int _registers;
    private int _logs;
    private int _openSegments;
    private int _closedSegments;
    private long _closedBytes;

    private IEnumerable<StoreMember> ListedSources => sources.Where(member => _names.ContainsKey(member.Id));

    private IEnumerable<StoreMember> ListedTargets => targets.Where(member => _names.ContainsKey(member.Id));

    public async Task<VerifyReport> RunAsync()
    {
        foreach (var member in sources.Concat(targets).DistinctBy(static member => member.Id))
        {
            await ListAsync(member);
        }

        var manifests = new List<LogManifest>();
        var registers = NamesAt(ListedSources, RegisterPrefix);
        await ReadCatalogAsync(registers.Remove(named.Register));
        foreach (var name in registers)
        {
            var isLog = LogNames.TryParseRegister(name, out var log);
            if (isLog && !IsNamed(log))
            {
                _findings.Add(new Finding(FindingKind.Orphan, "", name, "the catalog does not name its log"));
            }
            else if (await ScanRegisterAsync(name) is { } value && isLog)
            {
                Add(manifests, name, value.Span);
            }
        }

        foreach (var manifest in manifests)
        {
            await ScanLogAsync(manifest);
        }

        foreach (var name in NamesAt(ListedSources, "").Where(IsOther))
        {
            await ScanOtherAsync(name);
        }

        return new VerifyReport
        {
            Stores = [.. ListedTargets.Select(static member => member.Slot)],
            Registers = _registers,
            Logs = _logs,
            ClosedSegments = _closedSegments,
            ClosedBytes = _closedBytes,
            OpenSegments = _openSegments,
            Findings = _findings,
        };
    }

    private async Task ReadCatalogAsync(bool isThere)
    {
        if (!isThere || await ScanRegisterAsync(named.Register) is not { } value)
        {
            return;
        }

        try
        {
            _catalog = named.Read(value.Span);
        }
        catch (InvalidDataException)
        {
            // Another program's, which knows more: all logs count as named.
        }
    }

    /// <summary>
    /// Numbers are never given again: one that was given, and that no stream has, is of a stream that was deleted, or
    /// of one that is just being born.
    /// </summary>
    private bool IsNamed(LogId log) =>
        _catalog is null
        || log.Stream >= _catalog.NextStream
        || _catalog.Streams.Any(stream =>
            stream.Id == log.Stream && log.Partition < stream.Partitions);

    /// <summary>
    /// A majority agrees on something that is no manifest: the other logs are looked at all the same.
    /// </summary>
    private void Add(List<LogManifest> manifests, BlobName name, ReadOnlySpan<byte> value)
    {
        try
        {
            manifests.Add(LogManifestCodec.Decode(value));
        }
        catch (InvalidDataException notOne)
        {
            _findings.Add(new Finding(FindingKind.Lost, "", name, notOne.Message));
        }
    }

    private static bool IsOther(BlobName name) =>
        !name.Value.StartsWith(RegisterPrefix, StringComparison.Ordinal)
        && !name.Value.StartsWith(LogPrefix, StringComparison.Ordinal);

    private async Task ListAsync(StoreMember member)
    {
        var listing = await reading.ListAsync(member.Store, "");
        if (listing.IsOk)
        {
            _names[member.Id] = [.. listing.Items.Select(static item => item.Name)];
            return;
        }

        var kind = listing.Status == BlobStatus.StoreLost ? FindingKind.StoreLost : FindingKind.StoreUnavailable;
        _findings.Add(new Finding(kind, member.Slot, default, listing.Detail));
    }

    private async Task<ReadOnlyMemory<byte>?> ScanRegisterAsync(BlobName name)
    {
        _registers++;
        var copies = new RegisterCopies(name, quorum);
        for (var attempt = 0; attempt < ReadAttempts && copies.Chosen is null; attempt++)
        {
            await reading.Time.PauseAsync(attempt * Settling, CancellationToken.None);
            await copies.ReadAsync([.. ListedSources], reading);
        }

        if (copies.IsUnborn)
        {
            _findings.Add(new Finding(FindingKind.Orphan, "", name, "its birth was not completed"));
            return null;
        }

        if (copies.Chosen is null && (repair is null || !await repair.SettleAsync(name)))
        {
            var kind = copies.Faults.Any(static fault => fault.Fault == FindingKind.Unreadable)
                ? FindingKind.Unreadable
                : FindingKind.Lost;
            _findings.Add(new Finding(kind, "", name, "no majority holds one value"));
            return null;
        }

        foreach (var (member, fault) in copies.Faults.Where(fault => IsTarget(fault.Member)))
        {
            await AddAsync(member, fault, name, () => repair!.RejoinAsync(name, member));
        }

        return copies.Chosen;
    }

    private async Task ScanLogAsync(LogManifest manifest)
    {
        _logs++;
        _openSegments += manifest.Open is null ? 0 : 1;
        if (manifest.Open is { } open && open.Stores.Count(votes) < open.Quorum)
        {
            _findings.Add(new Finding(
                FindingKind.Lost,
                "",
                LogNames.Segment(manifest.Log, open.Id),
                "too few of the stores that it was begun on are left: its newest events cannot be told"));
        }

        var contents = new LogContents(manifest);
        await contents.LoadAsync([.. ListedSources], reading);
        if (contents.LostIndex is { } lost)
        {
            _findings.Add(new Finding(FindingKind.Lost, "", LogNames.Index(manifest.Log, lost)));
        }

        foreach (var (hash, bytes) in contents.Indexes)
        {
            await ScanBlobAsync(LogNames.Index(manifest.Log, hash), bytes);
        }

        foreach (var segment in contents.Segments)
        {
            await ScanSegmentAsync(manifest.Log, segment);
        }

        foreach (var member in ListedTargets)
        {
            foreach (var name in NamesAt([member], LogNames.Prefix(manifest.Log)))
            {
                if (LogNames.TryParseSegment(manifest.Log, name, out var segment) && contents.IsOrphan(segment))
                {
                    await AddAsync(member, FindingKind.Orphan, name, () => repair!.DeleteAsync(name, member));
                }
            }
        }
    }

    private async Task ScanSegmentAsync(LogId log, ClosedSegment segment)
    {
        _closedSegments++;
        _closedBytes += segment.Bytes;
        var name = LogNames.Segment(log, segment.Id);
        var faults = new List<(StoreMember Member, FindingKind Fault)>();
        var audited = 0;
        foreach (var member in ListedTargets)
        {
            audited++;
            if (await new SegmentAudit(reading, member.Store, log, segment).RunAsync() is { } fault)
            {
                faults.Add((member, fault));
            }
        }

        if (faults.Count > 0 && faults.Count == audited && audited == sources.Count)
        {
            _findings.Add(new Finding(FindingKind.Lost, "", name, "no store has it whole"));
        }

        foreach (var (member, found) in faults)
        {
            var fault = found == FindingKind.Incomplete && !await IsPrefixAsync(log, segment, member)
                ? FindingKind.Damaged
                : found;
            await AddAsync(member, fault, name, () => repair!.CopyAsync(log, segment, member, [.. ListedSources]));
        }
    }

    /// <summary>Whether a store's copy is right as far as it goes; where none is whole, nobody can say.</summary>
    private async Task<bool> IsPrefixAsync(LogId log, ClosedSegment segment, StoreMember member)
    {
        foreach (var source in ListedSources.Where(source => source.Id != member.Id))
        {
            if (await new SegmentAudit(reading, source.Store, log, segment).ReadAsync() is { } bytes)
            {
                return await new SegmentAudit(reading, member.Store, log, segment).IsPrefixAsync(bytes);
            }
        }

        return true;
    }

    /// <summary>An immutable blob whose bytes are known.</summary>
    private async Task ScanBlobAsync(BlobName name, ReadOnlyMemory<byte> bytes)
    {
        foreach (var member in ListedTargets)
        {
            var content = await reading.GetAsync(member.Store, name);
            FindingKind? fault = content.Status switch
            {
                BlobStatus.Ok when !content.IsDamaged && content.Bytes.Span.SequenceEqual(bytes.Span) => null,
                BlobStatus.Ok => FindingKind.Damaged,
                BlobStatus.NotFound => FindingKind.Missing,
                _ => FindingKind.Unreadable,
            };
            if (fault is { } kind)
            {
                await AddAsync(member, kind, name, () => repair!.PutAsync(name, bytes, content, member));
            }
        }
    }

    /// <summary>An immutable blob of another kind (a stage's snapshot): right is what a majority has.</summary>
    private async Task ScanOtherAsync(BlobName name)
    {
        var copies = new List<BlobContent>();
        foreach (var member in ListedSources)
        {
            copies.Add(await reading.GetAsync(member.Store, name));
        }

        var right = copies.Find(copy => copy.IsOk
            && copies.Count(other => other.IsOk && other.Bytes.Span.SequenceEqual(copy.Bytes.Span)) >= quorum);
        if (right.IsOk && right.ETag.Value is not null)
        {
            await ScanBlobAsync(name, right.Bytes);
        }
    }

    private async Task AddAsync(StoreMember member, FindingKind kind, BlobName name, Func<Task<string?>> fix)
    {
        var failed = repair is null || kind == FindingKind.Unreadable ? "" : await fix();
        var detail = failed is "" ? null : failed;
        _findings.Add(new Finding(kind, member.Slot, name, detail) { IsRepaired = failed is null });
    }

    private bool IsTarget(StoreMember member) => targets.Any(target => target.Id == member.Id);

    private SortedSet<BlobName> NamesAt(IEnumerable<StoreMember> members, string prefix) =>
        [.. members.SelectMany(member => _names[member.Id])
            .Where(name => name.Value.StartsWith(prefix, StringComparison.Ordinal))];
}
