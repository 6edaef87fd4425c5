using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Joins;

/// <summary>
/// The key that a row of a join has: the first value that both sides have to agree in. Equal values have keys that lie
/// in one partition, as numbers are placed by value.
/// </summary>
internal sealed class JoinKey
{
    private readonly JsonBuffer _json = new();

    /// <summary>Valid until the next one; empty for NULL.</summary>
    public ReadOnlySpan<byte> Of(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                return default;
            case ValueKind.Text or ValueKind.Record or ValueKind.Array:
                return value.Bytes;
            default:
                _json.Clear();
                _json.Write(value);
                return _json.Written.Trim((byte)'"');
        }
    }

    /// <summary>The same of all values that must be equal, as <see cref="GroupKey"/> has them.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> group, Evaluation state) =>
        group.IsEmpty ? default : Of(GroupKey.Read(group, 0, state));
}
