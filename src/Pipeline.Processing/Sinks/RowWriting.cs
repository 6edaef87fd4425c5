namespace Pipeline.Processing.Sinks;

/// <summary>
/// Brings rows to the target in order. A batch that is refused is halved until the row is found that the target does
/// not take; that becomes a dead letter while the cursor stands before it, and the cursor passes it then. So an event
/// is in the target or has a letter, and never both.
/// </summary>
internal sealed class RowWriting(RowSinkSetup setup, Action<SinkBatch, bool> committed)
{
    private const int MostRows = 5_000;

    /// <summary>False where a later activation is there.</summary>
    public async ValueTask<bool> WriteAsync(
        List<SinkRow> rows, long cursor, long end, CancellationToken cancellationToken)
    {
        var work = new Stack<(int From, int To, string? Refusal)>();
        for (var from = (rows.Count - 1) / MostRows * MostRows; from >= 0; from -= MostRows)
        {
            work.Push((from, Math.Min(from + MostRows, rows.Count), null));
        }

        while (work.TryPop(out var slice))
        {
            var (from, to, refusal) = slice;
            if (refusal is not null && !await setup.Letters.TryWriteAsync(rows[from], refusal, cancellationToken))
            {
                return false;
            }

            var some = refusal is null ? rows.GetRange(from, to - from) : [];
            var batch = new SinkBatch(cursor, some, to < rows.Count ? rows[to].Offset : end);
            var answer = await setup.Target.WriteAsync(batch, cancellationToken);
            switch (answer.Verdict)
            {
                case SinkVerdict.Written:
                    cursor = batch.Next;
                    committed(batch, refusal is not null);
                    break;
                case SinkVerdict.Overtaken:
                    return false;
                default:
                    Split(work, from, to, answer);
                    break;
            }
        }

        return true;
    }

    private static void Split(Stack<(int From, int To, string? Refusal)> work, int from, int to, SinkAnswer answer)
    {
        if (answer.Row is null && to - from > 1)
        {
            var middle = from + ((to - from) / 2);
            work.Push((middle, to, null));
            work.Push((from, middle, null));
            return;
        }

        var row = from + (answer.Row ?? 0);
        if (row + 1 < to)
        {
            work.Push((row + 1, to, null));
        }

        work.Push((row, row + 1, answer.Reason ?? "refused"));
        if (row > from)
        {
            work.Push((from, row, null));
        }
    }
}
