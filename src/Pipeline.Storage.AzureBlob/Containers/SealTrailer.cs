namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>
/// The last 16 bytes of a sealed append blob. An append names the position it expects, so after this block none ever
/// fits again; readers never see it. (Append Blob Seal would do the same, but Azurite lacks it.) It is appended
/// wherever the blob ends, so that no writer can outrun it; sealers at the same time may leave several.
/// </summary>
internal static class SealTrailer
{
    public const int Size = 16;

    /// <summary>How far from the end trailers are looked for: more sealers than that never meet.</summary>
    public const int Window = 16 * Size;

    public static ReadOnlySpan<byte> Bytes => "\u0001PIPELINE-SEALED"u8;

    /// <summary>Bytes of trailers at the end of what is given; 0: not sealed.</summary>
    public static int Count(ReadOnlySpan<byte> end)
    {
        var count = 0;
        while (end[..^count].EndsWith(Bytes))
        {
            count += Size;
        }

        return count;
    }
}
