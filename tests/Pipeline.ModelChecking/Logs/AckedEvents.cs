using Pipeline.Kernel.Logs;

namespace Pipeline.ModelChecking.Logs;

/// <summary>What clients were told, and whether it still holds.</summary>
internal sealed class AckedEvents
{
    private (ulong Handle, long Offset)[] _offsets = [];

    public UInt128 Print { get; private set; }

    public AckedEvents Clone() => new() { _offsets = _offsets, Print = Print };

    /// <summary>Takes one answer; says what is wrong with it.</summary>
    public string? Add(ulong handle, long offset)
    {
        foreach (var (other, at) in _offsets)
        {
            if ((other == handle) != (at == offset))
            {
                return $"event {handle} was acknowledged at {offset}, event {other} at {at}";
            }
        }

        if (!_offsets.Contains((handle, offset)))
        {
            _offsets = [.. _offsets, (handle, offset)];
            Array.Sort(_offsets);
            Print = LogSymmetry.Combine([.. _offsets.Select(static o => ((UInt128)o.Handle << 64) | (ulong)o.Offset)]);
        }

        return null;
    }

    /// <summary>Whether each acknowledged event lies in the log at its offset, on as many stores as must.</summary>
    public string? Check(LogManifest manifest, LogStores stores, int holders)
    {
        foreach (var (handle, offset) in _offsets)
        {
            if (offset < manifest.First.Value)
            {
                continue;
            }

            var held = Held(manifest, stores, handle, offset);
            if (held < holders)
            {
                return $"event {handle}, acknowledged at {offset}, is on {held} stores";
            }
        }

        return null;
    }

    private static int Held(LogManifest manifest, LogStores stores, ulong handle, long offset)
    {
        var closed = manifest.Closed.FirstOrDefault(segment =>
            segment.First.Value <= offset && offset < segment.End.Value);
        if (closed is not null)
        {
            return stores.Whole(closed).Count(frames => frames.Any(frame => frame.Has(offset, handle)));
        }

        return manifest.Open is { } open
            ? open.Stores.Count(store =>
                stores.Find(store, open.Id)?.Good.Any(frame => frame.Has(offset, handle)) ?? false)
            : 0;
    }
}
