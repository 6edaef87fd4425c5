using System.Buffers;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Writes a stage instance's checkpoints from time to time: a snapshot between two blocks, durable only after all
/// outputs made before it are.
/// </summary>
internal sealed class StageCheckpoints(StageInstance owner, StageSetup setup, StageWork work)
{
    private bool _isDirty;
    private bool _isWriting;
    private bool _isTicking;
    private long _due;

    /// <summary>Ticks between two watermarks that no records go with.</summary>
    public const long WatermarkPause = TimeSpan.TicksPerMillisecond * 100;

    /// <summary>There is something a checkpoint does not have.</summary>
    public void Changed() => _isDirty = true;

    /// <summary>Sends and writes what is due, and wakes up again for what falls due while no input comes.</summary>
    public void SeeTo()
    {
        work.Pump();
        if (_isDirty && !_isWriting && !work.Machine.IsWithinBlock && owner.Elapsed >= _due)
        {
            _ = WriteAsync();
        }

        if (!_isTicking && (_isDirty || work.OwesWatermark))
        {
            _ = TickAsync();
        }
    }

    public async Task FlushAsync()
    {
        while (!owner.HasEnded && (_isDirty || _isWriting))
        {
            work.Pump();
            if (_isWriting)
            {
                await owner.NextProgressAsync();
            }
            else
            {
                await WriteAsync();
            }
        }
    }

    private async Task TickAsync()
    {
        _isTicking = true;
        try
        {
            while (!owner.HasEnded && (_isDirty || work.OwesWatermark))
            {
                var wait = work.OwesWatermark ? WatermarkPause : Math.Max(WatermarkPause, _due - owner.Elapsed);
                await Task.Delay(new TimeSpan(wait), setup.Loop.Time, owner.Ended);
                SeeTo();
            }
        }
        catch (OperationCanceledException) when (owner.HasEnded)
        {
            // Nothing falls due any more.
        }
        finally
        {
            _isTicking = false;
        }
    }

    private async Task WriteAsync()
    {
        (_isWriting, _isDirty) = (true, false);
        try
        {
            var started = setup.Loop.Time.GetTimestamp();
            var snapshot = new ArrayBufferWriter<byte>();
            work.Machine.Save(snapshot);
            var cursor = work.Machine.Cursor.Offset;
            await CommittedAsync([.. work.Senders.Select(static sender => sender.Outlet.Last)]);
            await WriteAsync(cursor, snapshot.WrittenMemory);

            // A large state must not fill the stores' time: at most a fifth of it.
            var pause = 4 * setup.Loop.Time.GetElapsedTime(started);
            _due = owner.Elapsed + Math.Max(pause.Ticks, setup.Settings.CheckpointInterval.Ticks);
        }
        catch (OperationCanceledException) when (owner.HasEnded)
        {
            // The outputs of an ended instance are not known to be committed: no checkpoint.
        }
        catch (Exception error)
        {
            owner.Fail($"writing a checkpoint: {error.Message}");
        }
        finally
        {
            _isWriting = false;
            owner.Publish();
            owner.Progressed();
        }
    }

    private async Task WriteAsync(long cursor, ReadOnlyMemory<byte> snapshot)
    {
        switch (await setup.Checkpoints.WriteAsync(cursor, owner.Now, snapshot, owner.Ended))
        {
            case CheckpointWrite.Written:
                owner.Checkpointed(cursor);
                break;
            case CheckpointWrite.Fenced:
                owner.Overtake();
                break;
            case CheckpointWrite.Unavailable:
                _isDirty = true;
                owner.Waits("the checkpoint cannot be written to a majority of stores");
                await owner.PauseAsync();
                break;
        }
    }

    private async Task CommittedAsync(Origin[] marks)
    {
        for (var i = 0; i < marks.Length; i++)
        {
            while (work.Senders[i].Committed < marks[i])
            {
                owner.Ended.ThrowIfCancellationRequested();
                await owner.NextProgressAsync();
            }
        }
    }
}
