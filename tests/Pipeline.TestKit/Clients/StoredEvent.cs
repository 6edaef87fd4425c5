using System.Text.Json.Nodes;

namespace Pipeline.TestKit.Clients;

/// <summary>One event as GET …/events gives it.</summary>
public sealed record StoredEvent(int Partition, long Offset, string? Key, JsonNode Value);
