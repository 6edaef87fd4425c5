using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>One store's copy of the open segment.</summary>
internal sealed record Replica(StoreId Store)
{
    public ReplicaState State { get; set; }

    /// <summary>Bytes that are durable there.</summary>
    public long Bytes { get; set; }

    /// <summary>The first frame that is not wholly durable there.</summary>
    public long Acked { get; set; }

    /// <summary>The end of what an append under way carries; 0: none is.</summary>
    public long InFlight { get; set; }

    /// <summary>What lies there is being read.</summary>
    public bool IsComparing { get; set; }

    public int Attempts { get; set; }

    public long RetryAt { get; set; }

    public Replica Copy() => this with { };

    public void Encode(ByteWriter to, LogCore core)
    {
        to.UInt128(Store.Value);
        to.Byte((byte)State);
        to.Int64(Bytes);
        to.Int64(Acked);
        to.Int64(InFlight);
        to.Bool(IsComparing);
        core.EncodeTime(to, RetryAt);
    }

    public bool IsBusy => InFlight != 0 || IsComparing;
}
