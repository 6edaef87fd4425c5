using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Kernel.Tests.Codecs;

public sealed class PartCodecTests
{
    private const string Records = "0a0b0c";

    /// <summary>As parts were written before they could carry a trace context.</summary>
    private const string Untraced = "13000000" + "01" + "00" + "00" + "00" + "00000000" + "0700000000000000" + Records;

    private const string Traced = "2c000000" + "01" + "00" + "02" + "00" + "00000000" + "0700000000000000" + Records
        + "4bf92f3577b34da6a3ce929d0e0e4736" + "00f067aa0ba902b7" + "01";

    private static readonly TraceContext Trace =
        new(new Hash128(0x4bf92f3577b34da6, 0xa3ce929d0e0e4736), 0x00f067aa0ba902b7, 1);

    private static readonly PartHeader Header = new() { Kind = PartKind.Events, AcceptedTime = 7 };

    [Fact]
    public void A_part_without_a_trace_context_has_the_bytes_it_always_had()
    {
        var part = Encode();
        Assert.Equal(part.Length, PartCodec.WriteTrace(part, TraceContext.None));
        Assert.Equal(Untraced, Convert.ToHexStringLower(part));
        Assert.True(PartCodec.TryRead(part, out var view, out var size));
        Assert.Equal(part.Length, size);
        Assert.True(view.Trace.IsNone);
        Assert.Equal(Records, Convert.ToHexStringLower(view.Body));
    }

    [Fact]
    public void A_trace_context_lies_behind_the_records()
    {
        byte[] part = [.. Encode(), .. new byte[TraceContext.Size]];
        Assert.Equal(part.Length, PartCodec.WriteTrace(part, Trace));
        Assert.Equal(Traced, Convert.ToHexStringLower(part));
        Assert.True(PartCodec.TryRead([.. part, 1, 2, 3], out var view, out var size));
        Assert.Equal(part.Length, size);
        Assert.Equal(Trace, view.Trace);
        Assert.Equal(Records, Convert.ToHexStringLower(view.Body));
    }

    [Fact]
    public void A_second_trace_context_takes_the_place_of_the_first()
    {
        var part = Convert.FromHexString(Traced);
        var other = Trace with { SpanId = 5 };
        Assert.Equal(part.Length, PartCodec.WriteTrace(part, other));
        Assert.True(PartCodec.TryRead(part, out var view, out _));
        Assert.Equal(other, view.Trace);
        Assert.Equal(Records, Convert.ToHexStringLower(view.Body));
    }

    [Fact]
    public void A_part_too_short_for_the_trace_context_it_announces_is_none()
    {
        var part = Convert.FromHexString(Untraced);
        part[6] = 2;
        Assert.False(PartCodec.TryRead(part, out _, out _));
    }

    private static byte[] Encode()
    {
        var part = new byte[PartCodec.HeaderSize(HandleKind.None, 0) + 3];
        var size = PartCodec.WriteHeader(Header, [], 3, part);
        Convert.FromHexString(Records).CopyTo(part, size);
        return part;
    }
}
