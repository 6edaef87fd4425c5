using Pipeline.Replication.Partitions;

namespace Pipeline.Ingestion;

/// <summary>
/// Makes one answer of the partitions' answers. A refusal counts as one only where no part was written; otherwise the
/// outcome of the whole is unknown, and a retry with the same handle completes it.
/// </summary>
internal sealed class AppendMerge
{
    private readonly List<IngestPosition> _positions = [];
    private int _accepted;
    private int _duplicates;
    private bool _isAnyWritten;
    private AppendOutcome? _failure;

    public void Add(int partition, AppendOutcome outcome)
    {
        if (outcome.Status is not (AppendStatus.Appended or AppendStatus.Duplicate))
        {
            _isAnyWritten |= outcome.Status == AppendStatus.OutcomeUnknown;
            _failure = _failure?.Status == AppendStatus.OutcomeUnknown ? _failure : outcome;
            return;
        }

        _isAnyWritten = true;
        _accepted += outcome.Accepted;
        _duplicates += outcome.Duplicates;
        for (var i = 0; i < outcome.Runs.Count; i++)
        {
            AddRun(partition, outcome.Runs[i]);
        }
    }

    public IngestOutcome Complete()
    {
        if (_failure is null)
        {
            return new IngestOutcome { Accepted = _accepted, Duplicates = _duplicates, Positions = _positions };
        }

        var isRefusal = _failure.Status is AppendStatus.TooFast or AppendStatus.NotAppended
            or AppendStatus.TooManyHandles;
        return _isAnyWritten && isRefusal
            ? Refuse(AppendStatus.OutcomeUnknown, 0, "Part of the request was written, part was not.")
            : Refuse(_failure.Status, _failure.Expected, _failure.Detail);
    }

    public static IngestOutcome Refuse(AppendStatus status, long expected, string? detail)
    {
        var (problem, text) = status switch
        {
            AppendStatus.TooFast => (IngestProblem.TooFast, "The partition's queue is full."),
            AppendStatus.NotAppended =>
                (IngestProblem.NotAppended, "No majority of the stores answers, or the partition is moving."),
            AppendStatus.KeyReused => (IngestProblem.KeyReused, "This handle was used with another body."),
            AppendStatus.InProgress => (IngestProblem.InProgress, "A request with this handle is still running."),
            AppendStatus.ProducerGap =>
                (IngestProblem.ProducerGap, $"The producer's next number is {expected}; some before it are missing."),
            AppendStatus.ProducerForgotten => (IngestProblem.ProducerForgotten,
                "The producer's number is older than the deduplication window: whether its events were written is not "
                + "known any more. Read the stream, and go on with a higher number or under another Producer-Id."),
            AppendStatus.TooManyHandles => (IngestProblem.TooManyHandles,
                "The partition remembers as many handles or producers as it may. Wait, send more events under one "
                + "handle, use a Producer-Id again, or declare more partitions."),
            _ => (IngestProblem.OutcomeUnknown, "The events may or may not have been written."),
        };
        return IngestOutcome.Refuse(problem, detail ?? text) with { Expected = expected };
    }

    private void AddRun(int partition, OffsetRun run)
    {
        if (run.Count == 0)
        {
            return;
        }

        if (_positions.Count > 0 && _positions[^1] is var last && last.Partition == partition
            && last.First + last.Count == run.First.Value)
        {
            _positions[^1] = last with { Count = last.Count + run.Count };
            return;
        }

        _positions.Add(new IngestPosition(partition, run.First.Value, run.Count));
    }
}
