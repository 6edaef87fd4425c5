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
            var request = new ReadRequest
            {
                From = new LogOffset(cursor),
                After = after,
                MaxBytes = Chunk,
                Wait = TimeSpan.Zero,
            };
            var read = await setup.Input.ReadAsync(request, cancellationToken);
            if (read.Status != ReadStatus.Ok)
            {
                return read.Status is ReadStatus.Trimmed or ReadStatus.BeyondEnd ? true : null;
            }

            if (read.Blocks.Count == 0)
            {
                return position > 0 || await HasContentOrIsEndAsync(setup, directory, name, cancellationToken);
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

            position += found.Length;
            if (found.Length < lines.Written.Length)
            {
                return position > 0 || await HasContentOrIsEndAsync(setup, directory, name, cancellationToken);
            }
        }
    }

    /// <summary>Nothing in an empty file says that events before it were written, but a cut's end does.</summary>
    private static async ValueTask<bool> HasContentOrIsEndAsync(
        FileSinkSetup setup, string directory, string name, CancellationToken cancellationToken) =>
        !(await setup.Directory.ReadAsync(directory, name, 0, 1, cancellationToken)).IsEmpty
            || await setup.Directory.IsEndAsync(directory, name, cancellationToken);
}
