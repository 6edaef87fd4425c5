using Pipeline.Definitions;
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
        Assert.Equal(state.Streams.Select(Plain), read.Streams.Select(Plain));
        Assert.Equal(state.Streams.SelectMany(s => s.Gaps), read.Streams.SelectMany(s => s.Gaps));
        Assert.Equal(state.Dropped, read.Dropped);
        Assert.Equal(state.Files, read.Files);
        Assert.Equal(Plain(state.Pipelines[0]), Plain(read.Pipelines[0]));
        Assert.Equal(state.Pipelines[0].Versions, read.Pipelines[0].Versions);
        Assert.Equal(state.Pipelines[0].Elsewhere, read.Pipelines[0].Elsewhere);
        Assert.Equal(state.Pipelines[0].Kept, read.Pipelines[0].Kept);
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

    [Fact]
    public void A_catalog_from_before_there_were_terms_runs_under_its_generations()
    {
        var state = State();
        var older = state with
        {
            NextTerm = 0,
            Pipelines = [state.Pipelines[0] with { Term = 0, Layout = 0, Mark = 0 }],
        };
        var read = CatalogCodec.Read(CatalogCodec.Write(older));
        Assert.Equal((4, 4, 0), (read.Pipelines[0].Term, read.Pipelines[0].Layout, read.Pipelines[0].Mark));
        Assert.Equal(5, read.NextTerm);
    }

    private static CatalogStream Plain(CatalogStream stream) => new(stream.Id, stream.Definition);

    private static CatalogPipeline Plain(CatalogPipeline pipeline) => pipeline with
    {
        Born = [],
        Elsewhere = [],
        Kept = [],
        Versions = [],
    };

    private static CatalogState State() => new()
    {
        Version = 7,
        Change = 99,
        NextStream = 3,
        NextIncarnation = 2,
        NextTerm = 50,
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
            new CatalogStream(2, new StreamDefinition { Name = new StreamName("t.s"), Pipeline = "t", Stage = "s" })
            {
                Gaps = [new CatalogGap(0, 5, 10, 20), new CatalogGap(1, 7, 30, null)],
            },
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
                Term = 42,
                Layout = 34,
                Mark = 35,
                Elsewhere = ["m/2"],
                Kept = ["s"],
                Versions = [new CatalogVersion(3, "name: t", "application/yaml", 123)],
            },
        ],
        Files = new SortedDictionary<string, string> { ["t.yaml"] = "abc" },
        Dropped = [new LogId(9, 0)],
    };
}
