using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Ingestion.Tests;

public class RoutingTests
{
    private static int PartitionOf(string key) =>
        KeySlot.Of(System.Text.Encoding.UTF8.GetBytes(key)).Partition(4);

    [Fact]
    public void An_event_goes_where_its_key_says()
    {
        var parsed = ParsedRequest.Of(
            "{\"k\":\"a\"}\n{\"k\":\"b\"}\n{\"k\":17}\n{\"k\":true}\n{\"k\":\"\\u0061\"}", key: "k");

        Assert.Equal(["17", "a", "a", "b", "true"], parsed.Events.Select(e => e.Key).Order(StringComparer.Ordinal));
        Assert.All(parsed.Events, e => Assert.Equal(PartitionOf(e.Key), e.Partition));
    }

    [Theory]
    [InlineData(KeyHash.ByValue, 1)]
    [InlineData(KeyHash.ByText, 4)]
    public void Numbers_of_one_value_meet_where_the_stream_s_hash_says_so(KeyHash hash, int partitions)
    {
        var parsed = ParsedRequest.Of(
            "{\"k\":1}\n{\"k\":1.0}\n{\"k\":1e0}\n{\"k\":10e-1}\n{\"k\":\"1.0\"}", key: "k",
            with: r => r with { Target = r.Target with { KeyHash = hash } }, partitions: 1024);

        Assert.Equal(
            ["1", "1.0", "1.0", "10e-1", "1e0"], parsed.Events.Select(e => e.Key).Order(StringComparer.Ordinal));
        Assert.Equal(partitions, parsed.Events.Select(e => e.Partition).Distinct().Count());
    }

    [Fact]
    public void The_Event_Key_header_is_the_key_of_all_events()
    {
        var parsed = ParsedRequest.Of("{\"k\":\"a\"}\n{}", key: "k", with: r => r with { Key = "head"u8.ToArray() });

        Assert.All(parsed.Events, e => Assert.Equal(("head", PartitionOf("head")), (e.Key, e.Partition)));
    }

    [Theory]
    [InlineData("{}", "the key field 'k' is missing or null")]
    [InlineData("{\"k\":null}", "the key field 'k' is missing or null")]
    [InlineData("5", "the key field 'k' is missing or null")]
    [InlineData("{\"k\":[]}", "the key field 'k' is an object or an array")]
    public void An_event_without_key_is_refused_and_its_line_named(string line, string reason)
    {
        var refusal = ParsedRequest.Of("{\"k\":1}\n" + line, key: "k").Refusal!;

        Assert.Equal(IngestProblem.MissingKey, refusal.Problem);
        Assert.Equal((2, reason), (refusal.Errors[0].Line, refusal.Errors[0].Reason));
    }

    [Fact]
    public void An_event_without_key_is_spread_where_the_stream_says_so()
    {
        var parsed = ParsedRequest.Of(
            "{}\n{\"k\":\"a\"}", key: "k",
            with: r => r with { Target = r.Target with { SpreadsMissing = true } });

        Assert.Null(parsed.Refusal);
        Assert.Equal(["-", "a"], parsed.Events.Select(e => e.Key).Order());
    }

    [Fact]
    public void A_stream_without_key_sends_a_request_to_its_handles_home()
    {
        var handle = new DeduplicationHandle(HandleKind.Key, HandleHash.Of("h"u8));

        var parsed = ParsedRequest.Of("1\n2\n3", with: r => r with { Handle = handle });

        var header = Assert.Single(parsed.Headers);
        Assert.True(header.IsHome);
        Assert.All(parsed.Events, e => Assert.Equal(KeySlot.Of(handle.Id).Partition(4), e.Partition));
    }

    [Fact]
    public void A_handles_home_gets_a_part_even_without_events()
    {
        for (var i = 0; i < 16; i++)
        {
            var handle = new DeduplicationHandle(HandleKind.Producer, HandleHash.Of([(byte)i]), 5);

            var parsed = ParsedRequest.Of("{\"k\":1}", key: "k", with: r => r with { Handle = handle });

            Assert.Single(parsed.Headers, h => h.IsHome);
            Assert.Equal(1, parsed.Headers.Sum(h => h.Count));
            Assert.All(parsed.Headers, h => Assert.Equal((handle.Id, 5L), (h.Handle, h.Sequence)));
        }
    }

    [Fact]
    public void Another_body_or_key_under_one_handle_has_another_hash()
    {
        var handle = new DeduplicationHandle(HandleKind.Key, HandleHash.Of("h"u8));
        Hash128 BodyOf(string body, ReadOnlyMemory<byte>? key = null) => ParsedRequest.Of(
            body, with: r => r with { Handle = handle, Key = key }).Headers[0].Body;

        Assert.Equal(BodyOf("1"), BodyOf("1"));
        Assert.NotEqual(BodyOf("1"), BodyOf("2"));
        Assert.NotEqual(BodyOf("1"), BodyOf("1", "k"u8.ToArray()));
    }
}
