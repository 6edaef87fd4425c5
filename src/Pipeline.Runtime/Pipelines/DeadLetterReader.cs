using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Reads a pipeline's dead letters.</summary>
internal static class DeadLetterReader
{
    public static async ValueTask<DeadLetterPage> ReadAsync(
        KeeperView view, string name, long fromOffset, int max, CancellationToken cancellationToken)
    {
        if (!view.Pipelines.ContainsKey(name))
        {
            return new DeadLetterPage(PipelineOutcomeStatus.NotFound, [], 0);
        }

        if (!view.Streams.TryGetValue(PipelinePlan.DeadLetters(name), out var stream))
        {
            return new DeadLetterPage(PipelineOutcomeStatus.Done, [], 0);
        }

        var letters = new List<ReadOnlyMemory<byte>>();
        var partition = stream.Partitions[0];
        var request = new ReadRequest { From = new LogOffset(fromOffset) };
        var next = fromOffset;
        while (letters.Count < max)
        {
            var read = await partition.ReadAsync(request, cancellationToken);
            if (read.Status == ReadStatus.Trimmed)
            {
                next = Math.Max(next, read.First.Value);
                request = new ReadRequest { From = read.First };
                continue;
            }

            if (read.Status == ReadStatus.Unavailable)
            {
                return new DeadLetterPage(PipelineOutcomeStatus.Unavailable, letters, next);
            }

            if (read.Blocks.Count == 0)
            {
                break;
            }

            foreach (var block in read.Blocks)
            {
                next = Take(block, letters, next, max);
            }

            request = new ReadRequest { After = read.Blocks[^1].Position, From = new LogOffset(next) };
        }

        return new DeadLetterPage(PipelineOutcomeStatus.Done, letters, next);
    }

    private static long Take(LogBlock block, List<ReadOnlyMemory<byte>> letters, long next, int max)
    {
        var offset = block.First.Value;
        for (var rest = block.Payload.Span; PartCodec.TryRead(rest, out var part, out var size); rest = rest[size..])
        {
            var body = part.Body;
            for (var i = 0; i < part.Header.Count && RecordCodec.TryRead(body, out var record, out var length); i++)
            {
                body = body[length..];
                if (offset++ >= next && letters.Count < max)
                {
                    letters.Add(record.Value.ToArray());
                    next = offset;
                }
            }
        }

        return next;
    }
}
