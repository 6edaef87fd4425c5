using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Deduplicating;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>The answer to give once its frame is committed.</summary>
internal readonly record struct PendingReply(QueuedPart Part, Decision Decision, LogOffset First)
{
    public void Encode(ByteWriter to)
    {
        Part.Encode(to);
        to.Byte((byte)Decision.Reply);
        to.Int32(Decision.New);
        to.Int64(First.Value);
    }
}
