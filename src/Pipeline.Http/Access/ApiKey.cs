namespace Pipeline.Http.Access;

/// <summary>A key that clients may present, known by its hash alone.</summary>
/// <param name="Name">Who has it, for people; it is no secret.</param>
/// <param name="Hash">SHA-256 of the key's UTF-8 bytes; enough for a key of 256 random bits.</param>
/// <param name="Roles">What its holder may do.</param>
public sealed record ApiKey(string Name, ReadOnlyMemory<byte> Hash, IReadOnlyList<string> Roles);
