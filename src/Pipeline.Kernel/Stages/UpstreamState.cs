using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>What the input's log has said about one upstream stage instance; ticks UTC.</summary>
public readonly record struct UpstreamState(Hash128 Producer, long Generation, long Watermark, bool IsOut);
