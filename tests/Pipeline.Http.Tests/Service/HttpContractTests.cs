using Pipeline.TestKit.HttpContract;
using Xunit;

namespace Pipeline.Http.Tests.Service;

/// <summary>The contract of the HTTP interface, held against an engine in this process.</summary>
[CollectionDefinition(Name)]
public sealed class HttpContractGroup : ICollectionFixture<RunningService>
{
    public const string Name = "the HTTP contract";
}

[Collection(HttpContractGroup.Name)]
public sealed class PostEventsTests(RunningService service) : PostEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class CloudEventsTests(RunningService service) : CloudEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class DeduplicationTests(RunningService service) : DeduplicationContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class GetEventsTests(RunningService service) : GetEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class TailEventsTests(RunningService service) : TailEventsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class RetentionTests(RunningService service) : RetentionContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ConsumersTests(RunningService service) : ConsumersContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class StreamsTests(RunningService service) : StreamsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class PipelinesTests(RunningService service) : PipelinesContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class JoinTests(RunningService service) : JoinContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class BackupTests(RunningService service) : BackupContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class HeldStateTests(RunningService service) : HeldStateContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ProblemsTests(RunningService service) : ProblemsContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class ProcessTests(RunningService service) : ProcessContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class DoorTests(RunningService service) : DoorContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class RefusalTests(RunningService service) : RefusalContract(service);

[Collection(HttpContractGroup.Name)]
public sealed class SlowClientTests(RunningService service) : SlowClientContract(service);
