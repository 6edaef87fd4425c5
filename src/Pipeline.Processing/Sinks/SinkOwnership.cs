using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Whether a file that its sink's checkpoint does not know of is the sink's: it has the lines of the stream's events
/// from the offset in its name on. Another's would be taken for events that were written.
/// </summary>
internal static class SinkOwnership
{
    /// <summary>How much of a file is looked at in one go.</summary>
    private const int Chunk = 1 << 20;

    /// <summary>
    /// True also where the events are gone and nobody can tell any more, and where it goes on after the stream's end,
    /// which its reader says; null: the stream does not answer now.
    /// </summary>
    /// <param name="setup">The sink's.</param>
    /// <param name="directory">Its directory.</param>
    /// <param name="name">The file.</param>
    /// <param name="first">The offset in its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<bool?> IsOwnAsync(
        FileSinkSetup setup, string directory, string name, long first, CancellationToken cancellationToken)
    {
        var lines = new SinkLines();
        var (cursor, position, after) = (first, 0L, default(LogPosition?));
        while (true)
        {
            var read = await setup.Input.ReadAsync(
                new ReadRequest
                {
                    From = new LogOffset(cursor),
                    After = after,
                    MaxBytes = Chunk,
                    Wait = TimeSpan.Zero,
                },
                cancellationToken);
            switch (read.Status)
            {
                case ReadStatus.Ok:
                    break;
                case ReadStatus.Trimmed or ReadStatus.BeyondEnd:
                    return true;
                default:
                    return null;
            }

            if (read.Blocks.Count == 0)
            {
                var isEmpty = position == 0
                    && (await setup.Directory.ReadAsync(directory, name, 0, 1, cancellationToken)).IsEmpty;
                return !isEmpty || await setup.Directory.IsEndAsync(directory, name, cancellationToken);
            }

            lines.Clear();
            after = read.Blocks[^1].Position;
            foreach (var block in read.Blocks)
            {
                cursor = lines.Add(block, cursor);
            }

            if (lines.Written.Length == 0)
            {
                continue;
            }

            var found = await setup.Directory.ReadAsync(
                directory, name, position, lines.Written.Length, cancellationToken);
            if (!lines.Written.Span[..found.Length].SequenceEqual(found.Span))
            {
                return false;
            }

            if (position + found.Length == 0)
            {
                // Nothing in it says that events before it were written.
                return await setup.Directory.IsEndAsync(directory, name, cancellationToken);
            }

            position += found.Length;
            if (found.Length < lines.Written.Length)
            {
                return true;
            }
        }
    }
}
