using System.Text.Json;

namespace Pipeline.Grains.Keeping;

/// <summary>What the keeper says to a front that knows some version of the catalog.</summary>
/// <param name="Version">Of the keeper's catalog.</param>
/// <param name="Catalog">As the register has it (CatalogCodec); null: nothing newer than what the front knows.</param>
/// <param name="NotMaterialized">Outputs of fused stages that are not kept as streams.</param>
internal sealed record CatalogNews(long Version, byte[]? Catalog, List<string> NotMaterialized)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static CatalogNews Read(byte[] json) => JsonSerializer.Deserialize<CatalogNews>(json)!;
}
