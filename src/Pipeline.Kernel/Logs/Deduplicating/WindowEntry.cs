using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>One remembered handle and where its events lie.</summary>
internal readonly record struct WindowEntry(HandleKey Key, Hash128 Body, LogOffset First, int Count, bool IsHome);
