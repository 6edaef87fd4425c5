using Pipeline.TestKit.HttpContract;

namespace Pipeline.Cluster.Acceptance.HttpContract;

/// <summary>The contract of the HTTP interface, held against two fronts of a cluster.</summary>
[CollectionDefinition(Name)]
public sealed class HttpContractGroup : ICollectionFixture<ClusterService>
{
    public const string Name = "the HTTP contract";
}

[Collection(HttpContractGroup.Name)]
public sealed class PostEventsTests(ClusterService service) : PostEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class CloudEventsTests(ClusterService service) : CloudEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class DeduplicationTests(ClusterService service) : DeduplicationContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class GetEventsTests(ClusterService service) : GetEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class TailEventsTests(ClusterService service) : TailEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class RetentionTests(ClusterService service) : RetentionContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ConsumersTests(ClusterService service) : ConsumersContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class StreamsTests(ClusterService service) : StreamsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class PipelinesTests(ClusterService service) : PipelinesContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class JoinTests(ClusterService service) : JoinContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class BackupTests(ClusterService service) : BackupContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class HeldStateTests(ClusterService service) : HeldStateContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ProblemsTests(ClusterService service) : ProblemsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ProcessTests(ClusterService service) : ProcessContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class DoorTests(ClusterService service) : DoorContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class RefusalTests(ClusterService service) : RefusalContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class SlowClientTests(ClusterService service) : SlowClientContract(service);
