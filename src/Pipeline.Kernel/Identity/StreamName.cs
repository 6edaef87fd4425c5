namespace Pipeline.Kernel.Identity;

/// <summary>The name of a stream: letters, digits, '.', '_' and '-', at most 200 characters.</summary>
public readonly record struct StreamName(string Value) : IComparable<StreamName>
{
    public const int MaxLength = 200;

    public static bool IsValid(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text[0] == '.')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    public int CompareTo(StreamName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
