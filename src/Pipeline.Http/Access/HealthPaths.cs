using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Access;

/// <summary>What probes of a platform ask for: without a key, and on any port.</summary>
internal static class HealthPaths
{
    public static readonly string[] All =
        ["/health", "/health/ready", "/health/startup", "/health/live", "/alive"];

    public static bool Has(PathString path) =>
        path.HasValue && All.Contains(path.Value, StringComparer.OrdinalIgnoreCase);
}
