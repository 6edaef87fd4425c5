using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Containers;

public sealed class AzureBlobSlotTests() : SlotContract(new AzuriteSource());

public sealed class AzureBlobPutTests() : PutContract(new AzuriteSource());

public sealed class AzureBlobAppendTests() : AppendContract(new AzuriteSource());

public sealed class AzureBlobSealTests() : SealContract(new AzuriteSource());

public sealed class AzureBlobListTests() : ListContract(new AzuriteSource());
