using Pipeline.Backups.Service;
using Pipeline.Replication.Registers;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Engine;

/// <summary>What is there once an engine runs.</summary>
internal sealed record OpenedEngine(IRegisters Registers, IStreams Streams, IPipelines Pipelines, IBackups Backups);
