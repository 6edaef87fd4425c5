using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages;

/// <summary>Encoded records for one target partition, header included, ready to be appended.</summary>
/// <param name="Header">What the header in <paramref name="Bytes"/> says, but for the accepted time.</param>
/// <param name="Bytes">The part; <see cref="StageMachine.Recycle"/> takes the buffer back once it is committed.</param>
/// <param name="Trace">What the part carries at its end.</param>
public sealed record OutputPart(PartHeader Header, Memory<byte> Bytes, TraceContext Trace = default);
