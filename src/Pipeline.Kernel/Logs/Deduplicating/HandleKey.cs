using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>What a part, or one event, is recognised by. The sequence is 0 but for producers.</summary>
internal readonly record struct HandleKey(HandleKind Kind, Hash128 Handle, long Sequence)
{
    public static HandleKey Of(in PartHeader header) => new(
        header.HandleKind, header.Handle, header.HandleKind == HandleKind.Producer ? header.Sequence : 0);

    public static HandleKey OfEvent(Hash128 handle) => new(HandleKind.Event, handle, 0);

    /// <summary>Handles are hashes already.</summary>
    internal sealed class Comparer : IEqualityComparer<HandleKey>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(HandleKey x, HandleKey y) => x == y;

        public int GetHashCode(HandleKey key) =>
            unchecked((int)key.Handle.Low ^ ((int)key.Sequence * 16777619) ^ (int)key.Kind);
    }
}
