using Pipeline.Definitions;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Webhooks;

/// <summary>All a webhook sink's instance works with.</summary>
internal sealed record WebhookSinkSetup(
    InstanceId Id,
    ILoop Loop,
    InstanceSettings Settings,
    CheckpointRegister Checkpoints,
    IBlockSource Input,
    WebhookSinkDefinition Webhook,
    Func<WebhookIdentity> Identity,
    SinkLetters Letters,
    Random Random)
    : SinkSetup(Id, Loop, Settings, Checkpoints, Input);
