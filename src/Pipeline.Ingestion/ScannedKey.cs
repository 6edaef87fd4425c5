namespace Pipeline.Ingestion;

/// <summary>What lies at the key's path.</summary>
internal enum ScannedKeyKind : byte
{
    /// <summary>Nothing, or null.</summary>
    None,

    /// <summary>A string without escapes, a number or a boolean: the bytes are the key.</summary>
    Text,

    /// <summary>A string with escapes: its contents are still to be unescaped.</summary>
    EscapedString,

    /// <summary>An object or an array, which is no key.</summary>
    Container,
}

/// <summary>Where the key lies in the scanned bytes.</summary>
internal readonly record struct ScannedKey(ScannedKeyKind Kind, int Start, int Length);
