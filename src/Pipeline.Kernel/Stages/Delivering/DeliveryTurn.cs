namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>What all parts of a <see cref="StageDelivery"/> need for one input.</summary>
internal readonly ref struct DeliveryTurn(long now, IStageOutputs outputs, List<DeliveryEffect> effects)
{
    public long Now { get; } = now;

    public IStageOutputs Outputs { get; } = outputs;

    public void Add(in DeliveryEffect effect) => effects.Add(effect);
}
