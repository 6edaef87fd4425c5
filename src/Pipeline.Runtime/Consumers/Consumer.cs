namespace Pipeline.Runtime.Consumers;

/// <summary>How far a reader outside of the service has come in a stream; kept for it under its name.</summary>
/// <param name="Name">Its name, of this stream alone.</param>
/// <param name="Created">When it was made, ticks UTC; tells it from one of that name that was deleted.</param>
/// <param name="Committed">When it last said how far it is, ticks UTC; null: never.</param>
/// <param name="Offsets">By partition, the next event that it has not done.</param>
public sealed record Consumer(string Name, long Created, long? Committed, IReadOnlyList<long> Offsets)
{
    private const int MaxLength = 60;

    /// <summary>Letters, digits, <c>-_.</c>; the first one a letter or digit; at most 60.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
