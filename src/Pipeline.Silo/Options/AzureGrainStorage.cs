namespace Pipeline.Silo.Options;

/// <summary>
/// Grain storage in one Azure account: Orleans finds it by configuration (<c>Orleans:GrainStorage:{name}</c>), where
/// its package is part of the build (MSBuild property <c>OrleansAzureStoragePersistence</c>).
/// </summary>
internal static class AzureGrainStorage
{
#if AZURE_GRAIN_STORAGE
    public const bool IsBuilt = true;
#else
    public const bool IsBuilt = false;
#endif

    /// <summary>What is wrong with the grain storages configured; nothing where all can be had.</summary>
    public static IEnumerable<string> Errors(IConfiguration configuration) => IsBuilt ? [] :
        configuration.GetSection("Orleans:GrainStorage").GetChildren()
            .Where(static storage => storage["ProviderType"] is "AzureBlobStorage" or "AzureTableStorage")
            .Select(static storage => $"Orleans:GrainStorage:{storage.Key}: this silo was built without "
                + "Microsoft.Orleans.Persistence.AzureStorage (OrleansAzureStoragePersistence=false).");
}
