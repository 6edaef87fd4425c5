using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Directories;

public sealed class DirectorySlotTests() : SlotContract(new DirectorySource());

public sealed class DirectoryPutTests() : PutContract(new DirectorySource());

public sealed class DirectoryAppendTests() : AppendContract(new DirectorySource());

public sealed class DirectorySealTests() : SealContract(new DirectorySource());

public sealed class DirectoryListTests() : ListContract(new DirectorySource());
