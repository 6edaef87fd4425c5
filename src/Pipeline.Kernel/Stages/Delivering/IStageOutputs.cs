using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>
/// The instance whose outputs a <see cref="StageDelivery"/> delivers, as it is at one input. Outlets are numbered as in
/// <see cref="StageMachine.Outlets"/>.
/// </summary>
public interface IStageOutputs
{
    /// <summary>There is no state to be saved now (<see cref="StageMachine.IsWithinBlock"/>).</summary>
    bool IsWithinBlock { get; }

    /// <summary>Origin of the last record made for an outlet, sent or not.</summary>
    Origin LastOf(int outlet);

    /// <summary>The next part to send, or null; what is taken is not given again.</summary>
    OutputPart? Take(int outlet);

    /// <summary>Event time before which the outlet gets no more, ticks UTC; long.MinValue: none known.</summary>
    long WatermarkOf(int outlet);

    /// <summary>Whether somebody reads the outlet's target now who waits for its watermark.</summary>
    bool IsAwaited(int outlet);
}
