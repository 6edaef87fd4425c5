using Pipeline.TestKit.HttpContract;

namespace Pipeline.Acceptance.HttpContract;

/// <summary>The contract of the HTTP interface, held against the standalone host.</summary>
[CollectionDefinition(Name)]
public sealed class HttpContractGroup : ICollectionFixture<StandaloneService>
{
    public const string Name = "the HTTP contract";
}

[Collection(HttpContractGroup.Name)]
public sealed class PostEventsTests(StandaloneService service) : PostEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class CloudEventsTests(StandaloneService service) : CloudEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class DeduplicationTests(StandaloneService service) : DeduplicationContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class GetEventsTests(StandaloneService service) : GetEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class TailEventsTests(StandaloneService service) : TailEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class RetentionTests(StandaloneService service) : RetentionContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ConsumersTests(StandaloneService service) : ConsumersContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class StreamsTests(StandaloneService service) : StreamsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class PipelinesTests(StandaloneService service) : PipelinesContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class JoinTests(StandaloneService service) : JoinContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class BackupTests(StandaloneService service) : BackupContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class HeldStateTests(StandaloneService service) : HeldStateContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ProblemsTests(StandaloneService service) : ProblemsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ProcessTests(StandaloneService service) : ProcessContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class DoorTests(StandaloneService service) : DoorContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class RefusalTests(StandaloneService service) : RefusalContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class SlowClientTests(StandaloneService service) : SlowClientContract(service);
