using Pipeline.Kernel.Logs;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>A log's answers in the words of those who append.</summary>
internal static class LogReplies
{
    public static AppendStatus ToStatus(this LogReply reply) => reply switch
    {
        LogReply.Appended => AppendStatus.Appended,
        LogReply.Duplicate => AppendStatus.Duplicate,
        LogReply.TooFast => AppendStatus.TooFast,
        LogReply.NotAppended => AppendStatus.NotAppended,
        LogReply.OutcomeUnknown => AppendStatus.OutcomeUnknown,
        LogReply.KeyReused => AppendStatus.KeyReused,
        LogReply.InProgress => AppendStatus.InProgress,
        LogReply.ProducerGap => AppendStatus.ProducerGap,
        LogReply.ProducerForgotten => AppendStatus.ProducerForgotten,
        LogReply.ProducerFenced => AppendStatus.ProducerFenced,
        LogReply.ProducerMismatch => AppendStatus.ProducerMismatch,
        LogReply.TooManyHandles => AppendStatus.TooManyHandles,
        _ => throw new ArgumentOutOfRangeException(nameof(reply), reply, "unknown reply"),
    };
}
