using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Xunit;

namespace Pipeline.Runtime.Tests.Catalog;

public sealed class CatalogCodecTests
{
    [Fact]
    public void A_catalog_reads_back_as_it_was_written()
    {
        var state = State();
        var read = CatalogCodec.Read(CatalogCodec.Write(state));
        Assert.Equal((state.Version, state.NextStream, state.NextIncarnation),
            (read.Version, read.NextStream, read.NextIncarnation));
        Assert.Equal(state.Streams, read.Streams);
        Assert.Equal(state.Dropped, read.Dropped);
        Assert.Equal(state.Files, read.Files);
        Assert.Equal(state.Pipelines[0] with { Born = [] }, read.Pipelines[0] with { Born = [] });
        Assert.Equal(state.Pipelines[0].Born, read.Pipelines[0].Born);
        Assert.Equal(CatalogCodec.Write(state), CatalogCodec.Write(read));
    }

    [Fact]
    public void Damage_and_newer_versions_are_refused()
    {
        var bytes = CatalogCodec.Write(State());
        bytes[^9] ^= 1;
        Assert.Throws<InvalidDataException>(() => CatalogCodec.Read(bytes));
        Assert.Throws<InvalidDataException>(() => CatalogCodec.Read([]));
        byte[] newer = [2, 0, 0, 0, 0];
        var crc = Kernel.Codecs.Crc32C.Compute(newer.AsSpan(0, 1));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(1), crc);
        var error = Assert.Throws<InvalidDataException>(() => CatalogCodec.Read(newer));
        Assert.Equal("the catalog has version 2, this program reads version 1", error.Message);
    }

    private static CatalogState State() => new()
    {
        Version = 7,
        Change = 99,
        NextStream = 3,
        NextIncarnation = 2,
        Streams =
        [
            new CatalogStream(1, new StreamDefinition
            {
                Name = new StreamName("raw"),
                Pipeline = "t",
                Partitions = 3,
                Key = "a.b",
                Time = "ts",
                MissingKey = MissingKey.Spread,
                Retention = TimeSpan.FromDays(7),
                IsRetentionHard = true,
                Idle = null,
                MaxAhead = TimeSpan.FromMinutes(1),
                MaxEventBytes = 5,
                MaxRequestBytes = 6,
                DeduplicationWindow = 7,
            }),
            new CatalogStream(2, new StreamDefinition { Name = new StreamName("t.s"), Pipeline = "t", Stage = "s" }),
        ],
        Pipelines =
        [
            new CatalogPipeline
            {
                Name = "t",
                Incarnation = 1,
                Generation = 4,
                Text = "name: t\n# größer",
                MediaType = "application/yaml",
                IsPaused = true,
                Born = ["s/1"],
            },
        ],
        Files = new SortedDictionary<string, string> { ["t.yaml"] = "abc" },
        Dropped = [new LogId(9, 0)],
    };
}
