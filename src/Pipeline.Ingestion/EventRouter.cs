using System.Runtime.CompilerServices;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>
/// Gives every event its key and its partition. The key is the Event-Key header, else the CloudEvents attribute
/// partitionkey, else what lies at the stream's key path.
/// </summary>
internal sealed class EventRouter
{
    private readonly EventList _events;
    private readonly Routing _routing;
    private readonly int _fixedStart;
    private readonly int _fixedLength;
    private readonly ushort _fixedPartition;
    private readonly bool _isFixed;

    public EventRouter(EventList events, Routing routing)
    {
        _events = events;
        _routing = routing;
        if (routing.Key is { } key)
        {
            _isFixed = true;
            _fixedStart = events.AddSide(key.Span);
            _fixedLength = key.Length;
            _fixedPartition = PartitionOf(key.Span);
        }
    }

    /// <summary>The path to look for while scanning; null where the key is known already.</summary>
    public KeyPath? Path => _isFixed ? null : _routing.Path;

    /// <summary>Routes by what the scanner found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Route(ref EventEntry entry, ScannedKey key, int at)
    {
        if (key.Kind == ScannedKeyKind.Text && !_isFixed && key.Length <= RecordCodec.MaxKeyLength)
        {
            entry.HasKey = true;
            entry.KeyStart = key.Start;
            entry.KeyLength = key.Length;
            entry.Partition = PartitionOf(_events.Body.Slice(key.Start, key.Length));
        }
        else
        {
            RouteRarely(ref entry, key, at);
        }
    }

    /// <summary>Routes by a key given beside the event (partitionkey), unless the header has one.</summary>
    public void Route(ref EventEntry entry, ReadOnlySpan<byte> key)
    {
        if (_isFixed)
        {
            TakeFixed(ref entry);
            return;
        }

        entry.HasKey = true;
        entry.KeyStart = _events.AddSide(key);
        entry.KeyLength = key.Length;
        entry.Partition = PartitionOf(key);
    }

    /// <summary>An event without key whose handle is its own is spread by it.</summary>
    public void Spread(ref EventEntry entry, Hash128 handle)
    {
        if (!entry.HasKey)
        {
            entry.Partition = (ushort)KeySlot.Of(handle).Partition(_routing.Partitions);
        }
    }

    private void RouteRarely(ref EventEntry entry, ScannedKey key, int at)
    {
        if (_isFixed)
        {
            TakeFixed(ref entry);
        }
        else if (_routing.Path is null || (key.Kind == ScannedKeyKind.None && _routing.SpreadsMissing))
        {
            entry.Partition = (ushort)_routing.SpreadPartition;
        }
        else if (key.Length > RecordCodec.MaxKeyLength)
        {
            Fail(IngestProblem.TooLarge, $"the key is longer than {RecordCodec.MaxKeyLength} bytes", at);
        }
        else if (key.Kind == ScannedKeyKind.EscapedString)
        {
            RouteEscaped(ref entry, key);
        }
        else
        {
            Fail(IngestProblem.MissingKey, key.Kind == ScannedKeyKind.Container
                ? $"the key field '{_routing.Path}' is an object or an array"
                : $"the key field '{_routing.Path}' is missing or null", at);
        }
    }

    private void RouteEscaped(ref EventEntry entry, ScannedKey key)
    {
        if (JsonText.TryUnescape(_events.Body.Slice(key.Start, key.Length), out var text))
        {
            Route(ref entry, text);
        }
        else
        {
            Fail(IngestProblem.Malformed, $"the key field '{_routing.Path}' holds half a surrogate pair", key.Start);
        }
    }

    private void TakeFixed(ref EventEntry entry)
    {
        entry.HasKey = true;
        entry.KeyStart = _fixedStart;
        entry.KeyLength = _fixedLength;
        entry.Partition = _fixedPartition;
    }

    private void Fail(IngestProblem problem, string reason, int at) => _events.Fail(problem, reason, at, _events.Count);

    private ushort PartitionOf(ReadOnlySpan<byte> key) =>
        (ushort)KeySlot.Of(key, _routing.KeyHash).Partition(_routing.Partitions);
}
