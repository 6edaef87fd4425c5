using System.Diagnostics.CodeAnalysis;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>What all parts of a log's machine share.</summary>
internal sealed class LogCore(LogId log, Hash128 owner, LogOptions options, LogFlaws flaws)
{
    public LogId Log { get; } = log;

    public Hash128 Owner { get; } = owner;

    public LogOptions Options { get; } = options;

    public LogFlaws Flaws { get; } = flaws;

    public LogPhase Phase { get; set; }

    /// <summary>The manifest as last chosen or read.</summary>
    public LogManifest Manifest { get; set; } = LogManifest.Initial(log);

    public IReadOnlyList<StoreId> Members { get; set; } = [];

    public int Quorum { get; set; } = 1;

    public long Now { get; set; }

    /// <summary>The last acceptance time, ticks UTC.</summary>
    public long LastTime { get; set; }

    /// <summary>The sequence number of the next frame.</summary>
    public long NextFrame { get; set; }

    public LogEffects Effects { get; set; } = new();

    public LogCore Copy() => new(Log, Owner, Options, Flaws)
    {
        Phase = Phase,
        Manifest = Manifest,
        Members = Members,
        Quorum = Quorum,
        Now = Now,
        LastTime = LastTime,
        NextFrame = NextFrame,
    };

    public void Encode(ByteWriter to)
    {
        to.Byte((byte)Phase);
        to.Hash(Hash128.Of(LogManifestCodec.Encode(Manifest)));
        to.Int32(Quorum);
        to.Int32(Members.Count);
        foreach (var member in Members)
        {
            to.UInt128(member.Value);
        }

        to.Int64(LastTime);
        to.Int64(NextFrame);
    }

    /// <summary>A time as a fingerprint sees it: how far ahead it is.</summary>
    public void EncodeTime(ByteWriter to, long at) =>
        to.Int64(at == long.MaxValue ? -1 : Math.Max(0, at - Now));

    public void Emit(in LogEffect effect) => Effects.Add(effect);

    public bool Has(LogFlaws flaw) => (Flaws & flaw) != 0;

    public bool IsMember(StoreId store)
    {
        foreach (var member in Members)
        {
            if (member == store)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>When to try again after <paramref name="attempts"/> failures.</summary>
    public long RetryAt(int attempts) =>
        Now + Math.Min(Options.MaxRetryTicks, Options.RetryTicks << Math.Min(attempts, 16));

    public static void Require([DoesNotReturnIf(false)] bool holds, string invariant)
    {
        if (!holds)
        {
            throw new LogInvariantException(invariant);
        }
    }
}
