using Microsoft.AspNetCore.Http;
using Pipeline.Http.Events;
using Pipeline.Ingestion;
using Pipeline.Kernel.Codecs;
using Xunit;

namespace Pipeline.Http.Tests.Events;

public class IngestHeadersTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("\"abc\"")]
    public void Quotes_around_an_idempotency_key_do_not_count(string header)
    {
        var headers = new HeaderDictionary { ["Idempotency-Key"] = header };

        Assert.True(IngestHeaders.TryReadHandle(headers, false, out var handle, out _));
        Assert.Equal(new DeduplicationHandle(HandleKind.Key, HandleHash.Of("abc"u8)), handle);
    }

    [Fact]
    public void A_producer_has_an_id_and_a_number()
    {
        var headers = new HeaderDictionary { ["Producer-Id"] = "p", ["Producer-Sequence"] = "7" };

        Assert.True(IngestHeaders.TryReadHandle(headers, false, out var handle, out _));
        Assert.Equal(new DeduplicationHandle(HandleKind.Producer, HandleHash.Of("p"u8), 7), handle);
    }

    [Theory]
    [InlineData("Idempotency-Key", "a", "Producer-Id", "p")]
    [InlineData("Idempotency-Key", "a", "Producer-Sequence", "1")]
    [InlineData("Producer-Id", "p", "X", "")]
    [InlineData("Producer-Sequence", "1", "X", "")]
    [InlineData("Producer-Id", "p", "Producer-Sequence", "-1")]
    [InlineData("Producer-Id", "p", "Producer-Sequence", "1.5")]
    [InlineData("Producer-Id", "p", "Producer-Sequence", "99999999999999999999")]
    [InlineData("Idempotency-Key", "", "X", "")]
    [InlineData("Idempotency-Key", "\"\"", "X", "")]
    public void Two_handles_or_half_of_one_are_refused(string first, string value, string second, string other)
    {
        var headers = new HeaderDictionary { [first] = value, [second] = other };

        Assert.False(IngestHeaders.TryReadHandle(headers, false, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_CloudEvent_takes_no_other_handle() => Assert.False(IngestHeaders.TryReadHandle(
        new HeaderDictionary { ["Idempotency-Key"] = "a" }, true, out _, out _));

    [Fact]
    public void Without_headers_there_is_no_handle()
    {
        Assert.True(IngestHeaders.TryReadHandle(new HeaderDictionary(), false, out var handle, out _));
        Assert.Equal(HandleKind.None, handle.Kind);
    }
}
