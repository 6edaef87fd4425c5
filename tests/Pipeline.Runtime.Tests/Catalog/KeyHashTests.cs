using System.Buffers.Binary;
using System.Text;
using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Xunit;

namespace Pipeline.Runtime.Tests.Catalog;

public sealed class KeyHashTests
{
    [Theory]
    [InlineData(KeyHash.ByText)]
    [InlineData(KeyHash.ByValue)]
    public void The_catalog_keeps_each_stream_s_hash(KeyHash hash)
    {
        var read = CatalogCodec.Read(CatalogCodec.Write(State(hash)));
        Assert.Equal(hash, Assert.Single(read.Streams).Definition.KeyHash);
    }

    [Fact]
    public void Streams_of_older_catalogs_place_keys_by_text()
    {
        var text = Encoding.UTF8.GetString(CatalogCodec.Write(State(KeyHash.ByText)));
        Assert.DoesNotContain("xxh64-2", text);
        Assert.Contains("\"xxh64-1\"", text);
    }

    [Fact]
    public void A_program_that_does_not_know_a_hash_refuses_the_catalog()
    {
        var json = Encoding.UTF8.GetString(CatalogCodec.Write(State(KeyHash.ByValue)).AsSpan()[1..^4]);
        byte[] later =
            [1, .. Encoding.UTF8.GetBytes(json.Replace("xxh64-2", "xxh64-3", StringComparison.Ordinal)), 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(later.AsSpan(later.Length - 4), Crc32C.Compute(later.AsSpan()[..^4]));
        var error = Assert.Throws<InvalidDataException>(() => CatalogCodec.Read(later));
        Assert.Equal("the catalog places keys by 'xxh64-3', this program by 'xxh64-2'", error.Message);
    }

    [Theory]
    [InlineData(KeyHash.ByText)]
    [InlineData(KeyHash.ByValue)]
    public void A_changed_definition_leaves_a_stream_s_keys_where_they_are(KeyHash hash)
    {
        var plan = new PipelinePlan
        {
            Name = "p",
            Declared = [new DeclaredStream(State(KeyHash.ByValue).Streams[0].Definition, default, default)],
            Outputs = [],
            Groups = [],
            Sinks = [],
            Graph = [],
            NotKept = [],
        };
        var pipeline = new CatalogPipeline { Name = "p", Incarnation = 1, Generation = 2, Text = "", MediaType = "" };
        var changed = CatalogRules.With(State(hash), pipeline, plan, []);
        Assert.Equal(hash, Assert.Single(changed.Streams).Definition.KeyHash);
    }

    private static CatalogState State(KeyHash hash) => new()
    {
        Streams = [new CatalogStream(1, new StreamDefinition
        {
            Name = new StreamName("s"),
            Pipeline = "p",
            Key = "k",
            KeyHash = hash,
        })],
    };
}
