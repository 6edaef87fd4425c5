using System.Net;
using Pipeline.Grains.Partitions;
using Pipeline.Grains.Tests.Restarts;

namespace Pipeline.Grains.Tests.Keeping;

/// <summary>What the keeper believes of silos that say how their partitions are.</summary>
public sealed class SiloReportsTests
{
    private const string Key = "readings/1/0";

    private static readonly SiloAddress A = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress B = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    private readonly JumpingTime _time = new();
    private readonly SiloReports _reports;

    public SiloReportsTests() => _reports = new SiloReports(_time);

    [Fact]
    public void A_partition_that_a_silo_serves_need_not_be_asked()
    {
        Assert.True(_reports.Take(Full(A, 1, (Key, Serving(A, 5)))));
        Assert.Equal(5, _reports.Find(Key)!.Committed);
        Assert.Null(_reports.Find("readings/1/1"));
        Assert.True(_reports.Take(Changed(A, 2, (Key, Serving(A, 6)))));
        Assert.Equal(6, _reports.Find(Key)!.Committed);
        Assert.True(_reports.Take(Changed(A, 3)));
        Assert.Equal(6, _reports.Find(Key)!.Committed);
    }

    [Fact]
    public void One_that_does_not_serve_or_is_gone_or_that_two_say_they_serve_is_to_be_asked()
    {
        _reports.Take(Full(A, 1, (Key, Serving(A, 5) with { IsServing = false })));
        Assert.Null(_reports.Find(Key));
        _reports.Take(Changed(A, 2, (Key, Serving(A, 5))));
        Assert.NotNull(_reports.Find(Key));
        _reports.Take(Full(B, 1, (Key, Serving(B, 7))));
        Assert.Null(_reports.Find(Key));
        _reports.Take(Changed(A, 3) with { Gone = [Key] });
        Assert.Equal(B, _reports.Find(Key)!.Silo);
    }

    [Fact]
    public void A_silo_whose_report_was_lost_is_to_name_all()
    {
        Assert.False(_reports.Take(Changed(A, 5, (Key, Serving(A, 5)))));
        Assert.True(_reports.Take(Full(A, 6, (Key, Serving(A, 5)))));
        Assert.False(_reports.Take(Changed(A, 8)));
        Assert.Null(_reports.Find(Key));
        Assert.True(_reports.Take(Full(A, 9, (Key, Serving(A, 5)))));
    }

    [Fact]
    public void A_silo_that_is_dead_or_says_nothing_is_not_believed()
    {
        _reports.Take(Full(A, 1, (Key, Serving(A, 5))));
        _reports.Keep(new HashSet<SiloAddress> { B });
        Assert.Null(_reports.Find(Key));
        _reports.Take(Full(A, 2, (Key, Serving(A, 5))));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Null(_reports.Find(Key));
    }

    private static PartitionReport Serving(SiloAddress silo, long committed) =>
        new() { Silo = silo, Committed = committed, IsServing = true };

    private static SiloReport Full(SiloAddress silo, long number, params (string, PartitionReport)[] partitions) =>
        Changed(silo, number, partitions) with { IsFull = true };

    private static SiloReport Changed(SiloAddress silo, long number, params (string, PartitionReport)[] partitions) =>
        new()
        {
            Silo = silo,
            Number = number,
            Partitions = partitions.ToDictionary(static pair => pair.Item1, static pair => pair.Item2),
        };
}
