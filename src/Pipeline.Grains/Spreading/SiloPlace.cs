namespace Pipeline.Grains.Spreading;

/// <summary>A silo and the zone it is in; "" where zones do not count.</summary>
internal readonly record struct SiloPlace(SiloAddress Silo, string Zone);
