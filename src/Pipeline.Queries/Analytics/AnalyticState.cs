using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Analytics;

/// <summary>
/// The earlier events that a query's analytic calls look at, and their values for the event at hand. Events are seen in
/// the order of the log; what is older than a call's duration and the lateness is forgotten by the watermark.
/// </summary>
internal sealed class AnalyticState(AnalyticTerm[] terms, long lateness)
{
    private const byte Version = 1;

    private readonly AnalyticStore[] _stores = [.. terms.Select(term => term.CreateStore())];
    private readonly HeldValue[] _results = new HeldValue[terms.Length];
    private long _watermark = long.MinValue;
    private long _mostBytes = long.MaxValue;

    /// <summary>The calls' values for the event that was read last.</summary>
    public ReadOnlySpan<HeldValue> Results => _results;

    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var store in _stores)
            {
                bytes += store.Bytes;
            }

            return bytes;
        }
    }

    public void Limit(long bytes) => _mostBytes = bytes;

    /// <summary>Computes the calls' values; false after an error.</summary>
    public bool TryRead(scoped in Row row)
    {
        for (var i = 0; i < terms.Length; i++)
        {
            var isRead = _stores[i].TryRead(row)
                && row.State.TryHold(_stores[i].Result(row, Horizon(i)), terms[i].Name, out _results[i]);
            if (!isRead || row.State.Error is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Keeps the event that was read, as nothing was wrong with it.</summary>
    public void Keep(scoped in Row row)
    {
        for (var i = 0; i < terms.Length; i++)
        {
            _stores[i].Keep(row, Horizon(i));
        }

        StateLimitException.ThrowIfOver(Bytes, _mostBytes);
    }

    public void Advance(long watermark)
    {
        if (watermark <= _watermark)
        {
            return;
        }

        _watermark = watermark;
        for (var i = 0; i < terms.Length; i++)
        {
            _stores[i].Sweep(Horizon(i));
        }
    }

    public void Save(IBufferWriter<byte> to)
    {
        var writer = new StateWriter(to);
        writer.Write(Version);
        writer.Write(_watermark);
        writer.Write(terms.Length);
        for (var i = 0; i < terms.Length; i++)
        {
            writer.Write((byte)terms[i].Kind);
            _stores[i].Save(Horizon(i), writer);
        }
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        var reader = new StateReader(from);
        if (reader.ReadByte() != Version)
        {
            throw StateReader.Invalid();
        }

        _watermark = reader.ReadInt64();
        if (reader.ReadInt32() != terms.Length)
        {
            throw StateReader.Invalid();
        }

        for (var i = 0; i < terms.Length; i++)
        {
            if (reader.ReadByte() != (byte)terms[i].Kind)
            {
                throw StateReader.Invalid();
            }

            _stores[i].Load(ref reader);
            StateLimitException.ThrowIfOver(Bytes, _mostBytes);
        }

        if (!reader.IsAtEnd)
        {
            throw StateReader.Invalid();
        }
    }

    /// <summary>The time up to which what a call keeps means nothing any more.</summary>
    private long Horizon(int term)
    {
        // An interval of ISFIRST has its end for its time, and is over as a window is.
        var back = lateness + (terms[term].Kind == AnalyticKind.IsFirst ? 1 : terms[term].Duration);
        return _watermark < long.MinValue + back ? long.MinValue : _watermark - back;
    }
}
