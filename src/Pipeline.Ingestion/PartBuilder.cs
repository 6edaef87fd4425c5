using System.Runtime.InteropServices;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>
/// Encodes the events of a request into one part a partition, each in one buffer of the right size. The handle's home
/// partition gets a part in any case, with or without events.
/// </summary>
internal sealed class PartBuilder(
    EventList events, PartHeader template, int? home, int partitions, TraceContext trace)
{
    private readonly int[] _counts = new int[partitions];
    private readonly long[] _sizes = new long[partitions];

    /// <summary>The parts, by partition.</summary>
    public List<IngestPart> Build()
    {
        foreach (ref readonly var entry in events.Entries)
        {
            _counts[entry.Partition]++;
            _sizes[entry.Partition] += Size(entry);
        }

        var parts = new List<IngestPart>();
        var buffers = new Memory<byte>[partitions];
        var written = new int[partitions];
        for (var p = 0; p < partitions; p++)
        {
            if (_counts[p] > 0 || p == home)
            {
                buffers[p] = Start(p, parts);
                written[p] = buffers[p].Length - trace.EncodedSize - (int)_sizes[p];
            }
        }

        Fill(buffers, written);
        return parts;
    }

    private static int Size(in EventEntry entry) => 5
        + (entry.HasKey ? 2 + entry.KeyLength : 0)
        + (entry.AttributesLength > 0 ? 2 + entry.AttributesLength : 0)
        + entry.ValueLength;

    private Memory<byte> Start(int partition, List<IngestPart> parts)
    {
        var header = template with { Count = _counts[partition], IsHome = partition == home };
        var handles = HandlesOf(partition);
        var headerSize = PartCodec.HeaderSize(header.HandleKind, header.Count);
        var size = headerSize + (int)_sizes[partition];
        var buffer = GC.AllocateUninitializedArray<byte>(size + trace.EncodedSize);
        PartCodec.WriteHeader(header, CollectionsMarshal.AsSpan(handles), (int)_sizes[partition], buffer);
        PartCodec.WriteTrace(buffer, trace);
        parts.Add(new IngestPart(partition, header, buffer, handles));
        return buffer;
    }

    private List<Hash128> HandlesOf(int partition)
    {
        List<Hash128> handles = [];
        if (template.HandleKind == HandleKind.Event)
        {
            var entries = events.Entries;
            for (var i = 0; i < entries.Length; i++)
            {
                if (entries[i].Partition == partition)
                {
                    handles.Add(events.Handles[i]);
                }
            }
        }

        return handles;
    }

    private void Fill(Memory<byte>[] buffers, int[] written)
    {
        foreach (ref readonly var entry in events.Entries)
        {
            var record = new RecordView
            {
                Flags = (entry.HasKey ? RecordFlags.Key : RecordFlags.None)
                    | (entry.AttributesLength > 0 ? RecordFlags.Attributes : RecordFlags.None),
                Key = entry.HasKey ? events.Slice(entry.KeyStart, entry.KeyLength) : default,
                Attributes = entry.AttributesLength > 0
                    ? events.Slice(entry.AttributesStart, entry.AttributesLength)
                    : default,
                Value = events.Slice(entry.ValueStart, entry.ValueLength),
            };
            ref var at = ref written[entry.Partition];
            at += RecordCodec.Write(record, buffers[entry.Partition].Span[at..]);
        }
    }
}
