using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Xunit;

namespace Pipeline.Kernel.Tests.Logs;

public sealed class LogDeduplicationTests
{
    [Fact]
    public void A_repeat_is_answered_with_the_originals_offsets_also_after_a_takeover()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        owner.AppendNow("first");
        owner.AppendNow(Key("k", 1), "a", "b");
        AssertRepeat(owner.AppendNow(Key("k", 1), "a", "b"));
        AssertRepeat(world.StartOwner(2).AppendNow(Key("k", 1), "a", "b"));
        Assert.Equal(["first", "a", "b"], world.Values());

        static void AssertRepeat(LogEffect reply)
        {
            Assert.Equal((LogReply.Duplicate, 2), (reply.Reply, reply.Duplicates));
            Assert.Equal([new LogRun(new LogOffset(1), 2)], reply.Runs);
        }
    }

    [Fact]
    public void A_repeat_waits_until_the_original_is_committed()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores.ForEach(s => s.IsFrozen = true);
        owner.Append(Key("k", 1), null, "a");
        owner.Pump();
        var repeat = owner.Append(Key("k", 1), null, "a");
        owner.Pump();
        owner.Run();
        Assert.DoesNotContain(repeat, owner.Replies);
        world.Stores.ForEach(s => s.IsFrozen = false);
        owner.Run();
        Assert.Equal(LogReply.Duplicate, owner.Replies[repeat].Reply);
    }

    [Fact]
    public void A_refusal_that_rests_on_something_uncommitted_waits_for_its_commit()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores.ForEach(s => s.IsFrozen = true);
        owner.Append(Key("k", 1), null, "a");
        owner.Append(Platform(1, Origin.None, new(5, 0)), null, "b");
        owner.Pump();
        var reused = owner.Append(Key("k", 2), null, "c");
        var mismatch = owner.Append(Platform(1, Origin.None, new(6, 0)), null, "b", "d");
        owner.Pump();
        owner.Run();
        Assert.DoesNotContain(reused, owner.Replies);
        Assert.DoesNotContain(mismatch, owner.Replies);
        world.Stores.ForEach(s => s.IsFrozen = false);
        owner.Run();
        Assert.Equal(LogReply.KeyReused, owner.Replies[reused].Reply);
        var reply = owner.Replies[mismatch];
        Assert.Equal((LogReply.ProducerMismatch, new Origin(5, 0)), (reply.Reply, reply.Last));
    }

    [Fact]
    public void A_key_with_another_body_is_refused()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        owner.AppendNow(Key("k", 1), "a");
        Assert.Equal(LogReply.KeyReused, owner.AppendNow(Key("k", 2), "b").Reply);
        Assert.Equal(LogReply.KeyReused, owner.Machine.Reserve(Key("k", 2), out _));
        Assert.Equal(LogReply.Appended, owner.Machine.Reserve(Key("k", 1), out _));
    }

    [Fact]
    public void A_request_that_runs_is_in_progress_until_it_is_released()
    {
        var owner = new LogWorld().StartOwner(1);
        Assert.Equal(LogReply.Appended, owner.Machine.Reserve(Key("k", 1), out _));
        Assert.Equal(LogReply.InProgress, owner.Machine.Reserve(Key("k", 1), out _));
        owner.Machine.Release(Key("k", 1));
        Assert.Equal(LogReply.Appended, owner.Machine.Reserve(Key("k", 1), out _));
    }

    [Fact]
    public void A_producers_numbers_have_no_gaps()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        Assert.Equal(LogReply.ProducerGap, owner.AppendNow(Producer("p", 1), "x").Reply);
        owner.AppendNow(Producer("p", 0), "a");
        owner.AppendNow(Producer("p", 1), "b");
        var gap = owner.AppendNow(Producer("p", 3), "d");
        Assert.Equal((LogReply.ProducerGap, 2L), (gap.Reply, gap.Expected));
        Assert.Equal(LogReply.ProducerGap, owner.Machine.Reserve(Producer("p", 5), out var expected));
        Assert.Equal(2, expected);
        Assert.Equal(LogReply.Duplicate, owner.AppendNow(Producer("p", 0), "a").Reply);
        Assert.Equal(["a", "b"], world.Values());
    }

    [Fact]
    public void What_left_the_window_is_forgotten_and_said_to_be()
    {
        var world = new LogWorld(options: SmallWindow);
        var owner = world.StartOwner(1);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(LogReply.Appended, owner.AppendNow(Producer("p", i), $"{i}").Reply);
        }

        Assert.Equal(LogReply.ProducerForgotten, owner.AppendNow(Producer("p", 1), "1").Reply);
        Assert.Equal(LogReply.Duplicate, owner.AppendNow(Producer("p", 2), "2").Reply);
        Assert.Equal(LogReply.ProducerForgotten, world.StartOwner(2).AppendNow(Producer("p", 0), "0").Reply);
    }

    [Fact]
    public void A_producer_pushed_out_by_others_is_known_for_good()
    {
        var world = new LogWorld(options: SmallWindow with { RollBytes = 700 });
        var owner = world.StartOwner(1);
        owner.AppendNow(Producer("p", 0), "0");
        owner.AppendNow(Producer("p", 1), "1");
        for (var i = 0; i < 30; i++)
        {
            owner.AppendNow(Key($"other {i}", 1), $"other {i}");
        }

        AssertKnown(owner, 2);
        AssertKnown(world.StartOwner(2), 3);
        var last = world.StartOwner(3);
        AssertKnown(last, 4);
        Assert.Equal(LogReply.ProducerForgotten, last.Machine.Reserve(Producer("p", 0), out var next));
        Assert.Equal(5, next);

        static void AssertKnown(WorldOwner owner, int next)
        {
            Assert.Equal(LogReply.ProducerForgotten, owner.AppendNow(Producer("p", 0), "0").Reply);
            var gap = owner.AppendNow(Producer("p", next + 1), "gap");
            Assert.Equal((LogReply.ProducerGap, (long)next), (gap.Reply, gap.Expected));
            Assert.Equal(LogReply.Appended, owner.AppendNow(Producer("p", next), $"{next}").Reply);
            owner.AppendNow(Key($"a {next}", 1), "other");
            owner.AppendNow(Key($"b {next}", 1), "other");
            owner.AppendNow(Key($"c {next}", 1), "other");
            Assert.Equal(LogReply.ProducerForgotten, owner.AppendNow(Producer("p", next), $"{next}").Reply);
        }
    }

    [Fact]
    public void A_part_away_from_the_home_is_not_appended_again_once_its_number_left_the_window()
    {
        var world = new LogWorld(options: SmallWindow);
        var owner = world.StartOwner(1);
        var part = Producer("p", 3) with { IsHome = false };
        Assert.Equal(LogReply.Appended, owner.AppendNow(part, "3").Reply);
        for (var i = 0; i < 3; i++)
        {
            owner.AppendNow(Key($"other {i}", 1), $"other {i}");
        }

        Assert.Equal(LogReply.ProducerForgotten, owner.AppendNow(part, "3").Reply);
        var next = world.StartOwner(2);
        Assert.Equal(LogReply.ProducerForgotten, next.AppendNow(part, "3").Reply);
        Assert.Equal(LogReply.Appended, next.AppendNow(part with { Sequence = 5 }, "5").Reply);
    }

    [Fact]
    public void More_producers_than_can_be_remembered_are_refused_and_the_others_go_on()
    {
        var world = new LogWorld(options: SmallWindow with { MaxProducers = 2 });
        var owner = world.StartOwner(1);
        owner.AppendNow(Producer("a", 0), "a");
        owner.AppendNow(Producer("b", 0), "b");
        Assert.Equal(LogReply.TooManyHandles, owner.AppendNow(Producer("c", 0), "c").Reply);
        Assert.Equal(LogReply.TooManyHandles, owner.Machine.Reserve(Producer("c", 0), out _));
        Assert.Equal(LogReply.Appended, owner.AppendNow(Producer("a", 1), "a1").Reply);
        Assert.Equal(["a", "b", "a1"], world.Values());
    }

    [Fact]
    public void The_last_minute_stays_in_the_window_also_after_a_takeover()
    {
        var world = new LogWorld(options: SmallWindow with { WindowTicks = TimeSpan.TicksPerMinute });
        var owner = world.StartOwner(1);
        for (var i = 0; i < 8; i++)
        {
            world.Now += TimeSpan.TicksPerSecond;
            owner.AppendNow(Key($"{i}", 1), $"{i}");
        }

        world.Now += 50 * TimeSpan.TicksPerSecond;
        Assert.Equal(LogReply.Duplicate, owner.AppendNow(Key("0", 1), "0").Reply);
        var next = world.StartOwner(2);
        Assert.Equal(LogReply.Duplicate, next.AppendNow(Key("0", 1), "0").Reply);
        world.Now += 3 * TimeSpan.TicksPerSecond;
        next.AppendNow(Key("8", 1), "8");
        Assert.Equal(LogReply.Appended, next.AppendNow(Key("0", 1), "0 again").Reply);
        Assert.Equal(LogReply.Duplicate, next.AppendNow(Key("1", 1), "1").Reply);
    }

    [Fact]
    public void More_handles_in_a_minute_than_can_be_remembered_are_refused_until_it_is_over()
    {
        var world = new LogWorld(
            options: SmallWindow with { WindowTicks = TimeSpan.TicksPerMinute, MaxWindowHandles = 4 });
        var owner = world.StartOwner(1);
        for (var i = 0; i < 4; i++)
        {
            owner.AppendNow(Key($"{i}", 1), $"{i}");
        }

        Assert.Equal(LogReply.TooManyHandles, owner.AppendNow(Key("4", 1), "4").Reply);
        Assert.Equal(LogReply.Duplicate, owner.AppendNow(Key("0", 1), "0").Reply);
        var events = new PartHeader { HandleKind = HandleKind.Event };
        var refused = owner.Append(events, Handles("e"), "e");
        owner.Pump();
        owner.Run();
        Assert.Equal(LogReply.TooManyHandles, owner.Replies[refused].Reply);
        Assert.Equal(LogReply.Appended, owner.AppendNow("without handle").Reply);
        world.Now += TimeSpan.TicksPerMinute + TimeSpan.TicksPerSecond;
        Assert.Equal(LogReply.Appended, owner.AppendNow(Key("4", 1), "4").Reply);
    }

    [Fact]
    public void Of_events_with_handles_only_the_new_ones_are_appended()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        var header = new PartHeader { HandleKind = HandleKind.Event };
        owner.Append(header, Handles("1", "2"), "a", "b");
        var mixed = owner.Append(header, Handles("2", "3", "3"), "b", "c", "c");
        owner.Pump();
        owner.Run();
        var reply = owner.Replies[mixed];
        Assert.Equal((LogReply.Duplicate, 1, 2), (reply.Reply, reply.Count, reply.Duplicates));
        Assert.Equal([new LogRun(new(1), 2), new LogRun(new(2), 1)], reply.Runs);
        Assert.Equal(["a", "b", "c"], world.Values());
    }

    [Fact]
    public void A_platform_producers_chain_drops_what_is_there_and_refuses_what_does_not_fit()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        Assert.Equal(LogReply.Appended, owner.AppendNow(Platform(1, Origin.None, Origin.None)).Reply);
        Assert.Equal(LogReply.Appended, owner.AppendNow(Platform(1, Origin.None, new(5, 1)), "a", "b").Reply);
        Assert.Equal(LogReply.Duplicate, owner.AppendNow(Platform(1, Origin.None, new(5, 1)), "a", "b").Reply);
        var mismatch = owner.AppendNow(Platform(1, Origin.None, new(6, 0)), "a", "b", "c");
        Assert.Equal((LogReply.ProducerMismatch, new Origin(5, 1)), (mismatch.Reply, mismatch.Last));
        var next = world.StartOwner(2);
        var opened = next.AppendNow(Platform(2, Origin.None, Origin.None));
        Assert.Equal((LogReply.Appended, new Origin(5, 1)), (opened.Reply, opened.Last));
        Assert.Equal(LogReply.ProducerFenced, next.AppendNow(Platform(1, new(5, 1), new(6, 0)), "z").Reply);
        Assert.Equal(LogReply.Appended, next.AppendNow(Platform(2, new(5, 1), new(6, 0)), "c").Reply);
        Assert.Equal(["a", "b", "c"], world.Values());
    }

    [Fact]
    public void A_lower_generation_is_refused_only_once_the_higher_one_is_committed()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[1].IsFrozen = true;
        world.Stores[2].IsFrozen = true;
        owner.Append(Platform(2, Origin.None, Origin.None), null);
        var lower = owner.Append(Platform(1, Origin.None, Origin.None), null);
        owner.Pump();
        owner.Run();
        Assert.DoesNotContain(lower, owner.Replies);
        world.Stores[1].IsFrozen = false;
        owner.Run();
        Assert.Equal(LogReply.ProducerFenced, owner.Replies[lower].Reply);
    }

    /// <summary>Two handles, however young.</summary>
    private static LogOptions SmallWindow => new() { WindowHandles = 2, WindowTicks = 0 };

    private static PartHeader Key(string key, ulong body) => new()
    {
        HandleKind = HandleKind.Key,
        Handle = Hash(key),
        Body = new Hash128(0, body),
        IsHome = true,
    };

    private static PartHeader Producer(string id, long sequence) => new()
    {
        HandleKind = HandleKind.Producer,
        Handle = Hash(id),
        Body = new Hash128(0, (ulong)sequence),
        Sequence = sequence,
        IsHome = true,
    };

    private static PartHeader Platform(long generation, Origin previous, Origin last) => new()
    {
        HandleKind = HandleKind.Platform,
        Handle = Hash("stage"),
        Sequence = generation,
        Previous = previous,
        Last = last,
    };

    private static List<Hash128> Handles(params string[] ids) => [.. ids.Select(Hash)];

    private static Hash128 Hash(string text) => Hash128.Of(Encoding.UTF8.GetBytes(text));
}
