using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Xunit;

namespace Pipeline.Kernel.Tests.Logs;

public sealed class LogMachineTests
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(30);

    [Fact]
    public void An_append_is_acknowledged_when_two_of_three_stores_hold_it()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[1].IsFrozen = true;
        world.Stores[2].IsFrozen = true;
        var slice = owner.Append("a");
        owner.Pump();
        owner.Run();
        Assert.DoesNotContain(slice, owner.Replies);
        world.Stores[2].IsFrozen = false;
        owner.Run();
        var reply = owner.Replies[slice];
        Assert.Equal((LogReply.Appended, 0L, 1), (reply.Reply, reply.First.Value, reply.Count));
    }

    [Fact]
    public void Parts_that_wait_go_into_one_block()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        var slices = Enumerable.Range(0, 5).Select(i => owner.Append($"{i}")).ToList();
        owner.Pump();
        Assert.Equal(3, owner.Undone.Count(e => e.Kind == LogEffectKind.Append));
        owner.Run();
        Assert.Equal([0, 1, 2, 3, 4], slices.Select(s => owner.Replies[s].First.Value));
        Assert.Equal(["0", "1", "2", "3", "4"], world.Values());
    }

    [Fact]
    public void The_manifest_names_a_segment_only_after_a_majority_has_its_blob()
    {
        var world = new LogWorld();
        world.Stores[0].Failure = StoreReply.Unavailable;
        world.Stores[1].Failure = StoreReply.Unavailable;
        var owner = world.StartOwner(1);
        owner.Wait(TimeSpan.FromSeconds(3));
        Assert.Null(world.Manifest.Open);
        world.Stores[0].Failure = StoreReply.Ok;
        owner.Wait(TimeSpan.FromSeconds(3));
        Assert.Equal([new StoreId(1), new StoreId(3)], world.Manifest.Open!.Stores);
    }

    [Fact]
    public void A_lost_acknowledgement_is_recognised_by_ones_own_bytes()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[0].LosesNextAck = true;
        world.Stores[1].LosesNextAck = true;
        var slice = owner.Append("a");
        owner.Pump();
        owner.Run();
        owner.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(LogReply.Appended, owner.Replies[slice].Reply);
        Assert.Equal(["a"], world.Values());
    }

    [Fact]
    public void Foreign_bytes_raise_an_alarm()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[0].Segments.Values.Single().Bytes.AddRange(new byte[4000]);
        owner.Append("a");
        owner.Pump();
        owner.Run();
        Assert.Contains(owner.Notices, n => n.Kind == LogEffectKind.Alarm);
        Assert.Equal(LogPhase.Stopped, owner.Machine.Phase);
    }

    [Fact]
    public void A_sealed_segment_fences_the_owner_and_leaves_its_appends_unknown()
    {
        var world = new LogWorld();
        var old = world.StartOwner(1);
        world.StartOwner(2);
        var sent = old.Append("a");
        old.Pump();
        var queued = old.Append("b");
        old.Run();
        Assert.Equal(LogReply.OutcomeUnknown, old.Replies[sent].Reply);
        Assert.Equal(LogReply.NotAppended, old.Replies[queued].Reply);
        Assert.Contains(old.Notices, n => n.Kind == LogEffectKind.Fenced);
    }

    [Fact]
    public void An_idle_owner_notices_that_it_was_overtaken()
    {
        var world = new LogWorld();
        var old = world.StartOwner(1);
        world.StartOwner(2);
        old.Wait(TimeSpan.FromSeconds(10));
        Assert.Equal(LogPhase.Stopped, old.Machine.Phase);
    }

    [Fact]
    public void A_takeover_keeps_what_a_single_copy_holds_and_repairs_it()
    {
        var world = new LogWorld();
        var old = world.StartOwner(1);
        old.AppendNow("a");
        world.Stores[1].IsFrozen = true;
        world.Stores[2].IsFrozen = true;
        old.Append("b");
        old.Pump();
        old.Run();
        world.Stores[1].IsFrozen = false;
        world.Stores[2].IsFrozen = false;
        world.Stores[2].Failure = StoreReply.Unavailable;
        var next = world.StartOwner(2);
        next.Wait(TimeSpan.FromSeconds(1));
        Assert.True(next.IsServing);
        Assert.Equal(["a", "b"], world.Values());
        var closed = Assert.Single(world.Manifest.Closed);
        Assert.NotNull(world.Stores[1].Read(closed.Id, closed.Bytes));
        Assert.Single(world.Stores[1].Fixes);
    }

    [Fact]
    public void A_takeover_whose_longest_copy_is_lost_before_it_was_repaired_goes_on_with_the_others()
    {
        var world = new LogWorld();
        var old = world.StartOwner(1);
        old.AppendNow("a");
        world.Stores[1].IsFrozen = true;
        world.Stores[2].IsFrozen = true;
        old.Append("b");
        old.Pump();
        old.Run();
        world.Stores[1].IsFrozen = false;
        world.Stores[2].Failure = StoreReply.Unavailable;
        var next = world.NewOwner(2);
        next.Start();
        while (next.Machine.Phase != LogPhase.Repairing)
        {
            next.Do(0);
        }

        world.Stores[0].Failure = StoreReply.StoreLost;
        world.Stores[2].IsFrozen = false;
        world.Stores[2].Failure = StoreReply.Ok;
        next.Run();
        next.Wait(TimeSpan.FromSeconds(30));
        Assert.True(next.IsServing);
        Assert.Equal(LogReply.Appended, next.AppendNow("c").Reply);
        Assert.Equal(["a", "c"], world.Values());
    }

    [Fact]
    public void A_damaged_copy_is_no_witness()
    {
        var world = new LogWorld();
        var old = world.StartOwner(1);
        world.Stores[2].IsFrozen = true;
        old.AppendNow("a");
        Flip(world.Stores[0], 130);
        world.Stores[2].IsFrozen = false;
        world.Stores[1].Failure = StoreReply.Unavailable;
        var next = world.StartOwner(2);
        next.Wait(TimeSpan.FromSeconds(2));
        Assert.Equal(LogPhase.Sealing, next.Machine.Phase);
        Assert.Contains("1 damaged", next.Machine.Complaint, StringComparison.Ordinal);
        world.Stores[1].Failure = StoreReply.Ok;
        next.Wait(TimeSpan.FromSeconds(2));
        Assert.True(next.IsServing);
        Assert.Equal(["a"], world.Values());
    }

    [Fact]
    public void A_slow_store_is_dropped_and_taken_back_by_a_roll()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[2].IsFrozen = true;
        for (var i = 0; i < 10; i++)
        {
            owner.AppendNow($"{i}");
            owner.Wait(TimeSpan.FromSeconds(1));
        }

        Assert.Contains(owner.Notices, n => n.Kind == LogEffectKind.Dropped && n.Store == new StoreId(3));
        world.Stores[2].IsFrozen = false;
        owner.Run();
        owner.Wait(While);
        owner.AppendNow("last");
        Assert.Equal(11, world.Values().Count);
        Assert.Equal(3, world.Manifest.Open!.Stores.Count);
        Assert.True(world.Stores.All(s => s.Segments[world.Manifest.Open.Id].Bytes.Count > 0));
    }

    [Theory]
    [InlineData(StoreReply.NoSpace)]
    [InlineData(StoreReply.StoreLost)]
    public void A_failed_store_fails_no_append(StoreReply failure)
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[0].Failure = failure;
        Assert.Equal(LogReply.Appended, owner.AppendNow("a").Reply);
        world.Stores[0].Failure = StoreReply.Ok;
        owner.Wait(While);
        Assert.Equal(LogReply.Appended, owner.AppendNow("b").Reply);
        Assert.Equal(3, world.Manifest.Open!.Stores.Count);
    }

    [Fact]
    public void With_too_few_stores_new_appends_are_refused_old_ones_unknown_and_all_resumes()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[0].Failure = StoreReply.Unavailable;
        world.Stores[1].Failure = StoreReply.Unavailable;
        var sent = owner.Append("a");
        owner.Pump();
        var queued = owner.Append("b");
        owner.Run();
        owner.Wait(TimeSpan.FromSeconds(6));
        Assert.Equal(LogReply.NotAppended, owner.Replies[queued].Reply);
        Assert.DoesNotContain(sent, owner.Replies);
        owner.Wait(TimeSpan.FromSeconds(60));
        Assert.Equal(LogReply.OutcomeUnknown, owner.Replies[sent].Reply);
        world.Stores[0].Failure = StoreReply.Ok;
        world.Stores[1].Failure = StoreReply.Ok;
        owner.Wait(TimeSpan.FromSeconds(5));
        Assert.Equal(LogReply.Appended, owner.AppendNow("c").Reply);
        Assert.Equal(["a", "c"], world.Values());
    }

    [Fact]
    public void An_owner_left_with_one_store_takes_over_from_itself_and_answers_what_it_carried()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        world.Stores[2].IsFrozen = true;
        owner.AppendNow("a");
        owner.Wait(TimeSpan.FromSeconds(3));
        owner.AppendNow("b");
        world.Stores[1].Failure = StoreReply.StoreLost;
        var carried = owner.Append("c");
        owner.Pump();
        owner.Run();
        world.Stores[2].IsFrozen = false;
        owner.Run();
        owner.Wait(TimeSpan.FromSeconds(10));
        Assert.True(owner.IsServing);
        Assert.Equal(LogReply.Appended, owner.Replies[carried].Reply);
        Assert.Equal(LogReply.Appended, owner.AppendNow("d").Reply);
        Assert.Equal(["a", "b", "c", "d"], world.Values());
    }

    [Fact]
    public void A_full_segment_is_closed_with_its_hash_and_old_ones_move_to_an_index()
    {
        var world = new LogWorld(options: new LogOptions { RollBytes = 700, MaxClosedSegments = 4 });
        var owner = world.StartOwner(1);
        var values = Enumerable.Range(0, 60).Select(i => $"value {i}").ToList();
        values.ForEach(v => owner.AppendNow(v));
        Assert.Equal(values, world.Values());
        Assert.InRange(world.Manifest.Closed.Count, 1, 4);
        Assert.NotNull(world.Manifest.Index);
        Assert.Equal(world.Closed().Count() - world.Manifest.Closed.Count, world.Manifest.Index.Segments);
    }

    [Fact]
    public void An_unknown_choice_of_a_roll_is_proposed_again_until_it_is_known()
    {
        var world = new LogWorld(options: new LogOptions { RollBytes = 700 });
        var owner = world.StartOwner(1);
        for (var i = 0; i < 20; i++)
        {
            world.LosesNextChoice = true;
            owner.Append($"{i}");
            owner.Pump();
            owner.Run();
            owner.Wait(TimeSpan.FromSeconds(2));
        }

        Assert.True(owner.IsServing);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), world.Values());
    }

    [Fact]
    public void Trimming_says_so_first_and_deletes_later()
    {
        var world = new LogWorld(options: new LogOptions { RollBytes = 700 });
        var owner = world.StartOwner(1);
        for (var i = 0; i < 30; i++)
        {
            owner.AppendNow($"value {i}");
        }

        var kept = world.Manifest.Closed[2];
        owner.Trim(kept.First + 1, kept);
        Assert.Equal(LogEffectKind.ProposeManifest, owner.Undone[^1].Kind);
        owner.Run();
        Assert.Equal(kept.First, world.Manifest.First);
        Assert.Equal(kept.Id, world.Manifest.Closed[0].Id);
        Assert.DoesNotContain(world.Stores[0].Segments.Keys, s => s.Number < kept.Id.Number);
    }

    [Fact]
    public void An_idle_log_says_what_is_committed()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        owner.AppendNow("a");
        owner.Wait(TimeSpan.FromMilliseconds(50));
        var copy = world.Stores[0].SealAndRead(world.Manifest.Open!.Id).Copy;
        Assert.Equal((1L, 3), (copy.HighestCommit.Value, copy.Frames));
    }

    [Fact]
    public void A_full_queue_refuses_more()
    {
        var world = new LogWorld(options: new LogOptions { MaxQueuedBytes = 100 });
        var owner = world.StartOwner(1);
        var first = owner.Append(new string('a', 200));
        var second = owner.Append("b");
        Assert.DoesNotContain(first, owner.Replies);
        Assert.Equal(LogReply.TooFast, owner.Replies[second].Reply);
    }

    private static void Flip(WorldStore store, int position) => store.Segments.Values.Single().Bytes[position] ^= 1;
}
