namespace Pipeline.Ingestion;

/// <summary>One event of a body that was found valid: where its bytes lie and where it goes.</summary>
internal struct EventEntry
{
    /// <summary>In the body, or in the side buffer where negative (complement).</summary>
    public int KeyStart;
    public int KeyLength;
    public int ValueStart;
    public int ValueLength;
    public int AttributesStart;
    public int AttributesLength;
    public ushort Partition;
    public bool HasKey;
}
