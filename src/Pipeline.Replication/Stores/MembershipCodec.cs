using System.Buffers.Binary;
using System.Text;
using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Stores;

/// <summary>
/// <c>u32 version, u32 voting, u32 joining, entries (u16 length, slot name in UTF-8, 16 bytes id)</c>, little endian;
/// the register around it has the checksum.
/// </summary>
public static class MembershipCodec
{
    private const uint Version = 1;
    private const int IdSize = 16;

    public static byte[] Encode(Membership membership)
    {
        var bytes = new byte[12 + membership.Voting.Concat(membership.Joining).Sum(Size)];
        var at = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(at, Version);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], membership.Voting.Count);
        BinaryPrimitives.WriteInt32LittleEndian(at[8..], membership.Joining.Count);
        at = at[12..];
        foreach (var entry in membership.Voting.Concat(membership.Joining))
        {
            var length = Encoding.UTF8.GetBytes(entry.Slot, at[2..]);
            BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)length);
            BinaryPrimitives.WriteUInt128LittleEndian(at[(2 + length)..], entry.Id.Value);
            at = at[(2 + length + IdSize)..];
        }

        return bytes;
    }

    /// <summary>Null: another version, or not a membership.</summary>
    public static Membership? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Version)
        {
            return null;
        }

        var voting = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var joining = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var at = bytes[12..];
        return ReadEntries(ref at, voting) is { } votes && ReadEntries(ref at, joining) is { } joins
            ? new Membership(votes, joins)
            : null;
    }

    private static int Size(MembershipEntry entry) => 2 + Encoding.UTF8.GetByteCount(entry.Slot) + IdSize;

    private static List<MembershipEntry>? ReadEntries(ref ReadOnlySpan<byte> at, int count)
    {
        var entries = new List<MembershipEntry>();
        for (var i = 0; i < count; i++)
        {
            if (at.Length < 2 || BinaryPrimitives.ReadUInt16LittleEndian(at) is var length
                && at.Length < 2 + length + IdSize)
            {
                return null;
            }

            var name = Encoding.UTF8.GetString(at.Slice(2, length));
            var id = new StoreId(BinaryPrimitives.ReadUInt128LittleEndian(at[(2 + length)..]));
            entries.Add(new MembershipEntry(name, id));
            at = at[(2 + length + IdSize)..];
        }

        return entries;
    }
}
