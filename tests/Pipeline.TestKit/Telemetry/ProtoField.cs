namespace Pipeline.TestKit.Telemetry;

/// <summary>One field of a message in protobuf's wire format.</summary>
/// <param name="Number">The field's number.</param>
/// <param name="Bytes">Of a text, bytes or a message; else empty.</param>
/// <param name="Value">Of a number.</param>
internal readonly record struct ProtoField(int Number, ReadOnlyMemory<byte> Bytes, ulong Value)
{
    /// <summary>A message's fields, in order; throws <see cref="InvalidDataException"/> where it is none.</summary>
    public static List<ProtoField> ReadAll(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtoField>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var length = (tag & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                _ => throw new InvalidDataException($"wire type {tag & 7}"),
            };
            var value = (tag & 7) == 0 ? Varint(message, ref at) : 0;
            fields.Add(new ProtoField((int)(tag >> 3), message.Slice(at, length), value));
            at += length;
        }

        return fields;
    }

    /// <summary>The messages in the fields with a number, at the end of a path of numbers.</summary>
    public static IEnumerable<List<ProtoField>> Find(ReadOnlyMemory<byte> message, params int[] path)
    {
        IEnumerable<List<ProtoField>> found = [ReadAll(message)];
        foreach (var number in path)
        {
            found = found.SelectMany(fields => fields.Where(field => field.Number == number)
                .Select(static field => ReadAll(field.Bytes)));
        }

        return found;
    }

    private static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
