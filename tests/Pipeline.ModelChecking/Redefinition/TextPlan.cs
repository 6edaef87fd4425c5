namespace Pipeline.ModelChecking.Redefinition;

/// <summary>A definition, planned: its instances, upstream before downstream.</summary>
internal sealed record TextPlan(string Name, params InstancePlan[] Instances)
{
    /// <summary>The instance that reads for a register; null: this text has none.</summary>
    public InstancePlan? Find(int register) => Array.Find(Instances, instance => instance.Register == register);

    /// <summary>Where a stage runs; null: nowhere.</summary>
    public InstancePlan? HomeOf(string stage) => Array.Find(Instances, instance => instance.Stages.Contains(stage));
}
