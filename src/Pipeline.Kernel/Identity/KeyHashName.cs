namespace Pipeline.Kernel.Identity;

/// <summary>The hashes' names in the catalog.</summary>
public static class KeyHashName
{
    public static string Of(KeyHash hash) => hash == KeyHash.ByText ? KeySlot.HashName : "xxh64-2";

    /// <summary>False where this program does not know the name.</summary>
    public static bool TryParse(string name, out KeyHash hash)
    {
        hash = name == KeySlot.HashName ? KeyHash.ByText : KeyHash.ByValue;
        return name == Of(hash);
    }
}
