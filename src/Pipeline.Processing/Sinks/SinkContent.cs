namespace Pipeline.Processing.Sinks;

/// <summary>Compares what two activations of a sink wrote under one name.</summary>
internal static class SinkContent
{
    /// <summary>Whether the shorter is the beginning of the longer; nothing is of what has something.</summary>
    public static async ValueTask<bool> BeginAlikeAsync(
        Stream own, Stream found, CancellationToken cancellationToken)
    {
        byte[] ownBytes = new byte[1 << 16], foundBytes = new byte[1 << 16];
        for (var rest = Math.Min(own.Length, found.Length); rest > 0;)
        {
            var size = (int)Math.Min(rest, ownBytes.Length);
            await own.ReadExactlyAsync(ownBytes.AsMemory(0, size), cancellationToken);
            await found.ReadExactlyAsync(foundBytes.AsMemory(0, size), cancellationToken);
            if (!ownBytes.AsSpan(0, size).SequenceEqual(foundBytes.AsSpan(0, size)))
            {
                return false;
            }

            rest -= size;
        }

        return own.Length == 0 || found.Length > 0;
    }
}
