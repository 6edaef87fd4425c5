using System.Net;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Pipeline.Grains.Spreading;

namespace Pipeline.Grains.Tests.Spreading;

public sealed class SpreadDirectorTests
{
    private const int Keys = 6000;

    private static readonly SiloPlace[] TwoZones = [new(Silo(1), "a"), new(Silo(2), "a"), new(Silo(3), "b")];

    [Fact]
    public void Zones_get_equal_shares_and_so_do_the_silos_of_a_zone()
    {
        var shares = Shares(TwoZones);
        Assert.InRange(shares[Silo(3)], 0.47 * Keys, 0.53 * Keys);
        Assert.InRange(shares[Silo(1)], 0.22 * Keys, 0.28 * Keys);
        Assert.InRange(shares[Silo(2)], 0.22 * Keys, 0.28 * Keys);
    }

    [Fact]
    public void Without_zones_silos_get_equal_shares()
    {
        var shares = Shares([.. TwoZones.Select(static place => place with { Zone = "" })]);
        Assert.All(shares.Values, static share => Assert.InRange(share, 0.30 * Keys, 0.37 * Keys));
    }

    [Fact]
    public void Where_a_silo_or_a_zone_dies_only_what_it_had_finds_another_place()
    {
        foreach (var dead in TwoZones)
        {
            SiloPlace[] left = [.. TwoZones.Where(place => place != dead)];
            foreach (var key in AllKeys().Where(key => !SpreadDirector.Choose(key, TwoZones).Equals(dead.Silo)))
            {
                Assert.Equal(SpreadDirector.Choose(key, TwoZones), SpreadDirector.Choose(key, left));
            }
        }
    }

    [Fact]
    public void A_stage_is_placed_with_the_partition_it_reads()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(
                SpreadDirector.Choose($"readings/17/{i}", TwoZones),
                SpreadDirector.Choose($"telemetry/hot/17/{i}", TwoZones));
        }
    }

    [Fact]
    public void Zones_count_only_where_every_silo_has_said_its_own()
    {
        var known = new KnownMetadata { ["a"] = Silo(1), ["b"] = Silo(2) };
        var zones = new Zones(known);
        Assert.Equal(["a", "b"], zones.Of([Silo(1), Silo(2)]).Select(static place => place.Zone));
        Assert.Equal(["", "", ""], zones.Of([Silo(1), Silo(2), Silo(3)]).Select(static place => place.Zone));
    }

    private static Dictionary<SiloAddress, int> Shares(SiloPlace[] places) =>
        AllKeys().CountBy(key => SpreadDirector.Choose(key, places)).ToDictionary();

    private static IEnumerable<string> AllKeys() => Enumerable.Range(0, Keys).Select(static i => $"s/{i % 9}/{i}");

    private static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, number), 1);

    /// <summary>What silos have said so far: a silo by its zone.</summary>
    private sealed class KnownMetadata : Dictionary<string, SiloAddress>, ISiloMetadataCache
    {
        public SiloMetadata GetSiloMetadata(SiloAddress siloAddress)
        {
            var zone = this.FirstOrDefault(pair => pair.Value.Equals(siloAddress)).Key;
            return zone is null ? SiloMetadata.Empty : Metadata(zone);
        }

        /// <summary>As a silo makes its own: from its settings.</summary>
        private static SiloMetadata Metadata(string zone)
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
            Microsoft.Extensions.Hosting.OrleansSiloGenericHostExtensions.UseOrleans(builder, silo =>
                silo.UseSiloMetadata(new Dictionary<string, string> { ["zone"] = zone }));
            using var host = builder.Build();
            return ((Microsoft.Extensions.Options.IOptions<SiloMetadata>)host.Services.GetService(
                typeof(Microsoft.Extensions.Options.IOptions<SiloMetadata>))!).Value;
        }
    }
}
