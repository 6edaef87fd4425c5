namespace Pipeline.Kernel.Tests.Logs;

/// <summary>One append blob of a store in memory.</summary>
internal sealed class WorldBlob
{
    public List<byte> Bytes { get; } = [];

    public bool IsSealed { get; set; }
}
