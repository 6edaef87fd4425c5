using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Pipeline.Http.Access;

/// <summary>
/// The other ways to tell a host where to listen. What ASP.NET Core reads by itself (its variables, the section
/// Kestrel) may reach no further than Pipeline:Urls may.
/// </summary>
public static class ListenSettings
{
    private const string HealthSetting = "Pipeline:HealthUrls";

    private static readonly string[] UrlSettings = ["urls", "ASPNETCORE_URLS", "DOTNET_URLS"];

    /// <summary>What would listen beyond loopback without authentication; nothing where all is well.</summary>
    public static IEnumerable<string> Errors(IConfiguration configuration, AccessOptions access)
    {
        if (access.IsConfigured)
        {
            return [];
        }

        var urls = UrlSettings.SelectMany(name => Split(configuration[name]).Select(url => (Setting: name, Url: url)));
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .SelectMany(endpoint => Split(endpoint["Url"]).Select(url => (Setting: $"{endpoint.Path}:Url", Url: url)));
        return urls.Concat(endpoints).Where(static given => !IsLocal(given.Url))
            .Select(static given => $"{given.Setting}: {ListenUrl.Exposed(given.Url)}").Distinct();
    }

    /// <summary>
    /// Where health alone is answered, besides everything else: Pipeline:HealthUrls, separated by ';'. Each needs a
    /// port of its own, which <paramref name="urls"/> do not have.
    /// </summary>
    public static IReadOnlyList<Uri> HealthUrls(
        IConfiguration configuration, AccessOptions access, IEnumerable<Uri> urls, ICollection<string> errors)
    {
        var taken = urls.Select(static url => url.Port).ToHashSet();
        var found = new List<Uri>();
        foreach (var text in Split(configuration[HealthSetting]))
        {
            if (!ListenUrl.TryRead(text, access, out var url, out var error))
            {
                errors.Add($"{HealthSetting}: {error}");
            }
            else if (url.Port == 0 || taken.Contains(url.Port))
            {
                errors.Add($"{HealthSetting}: {text} needs a port of its own, other than those of Pipeline:Urls.");
            }
            else
            {
                found.Add(url);
            }
        }

        return found;
    }

    private static string[] Split(string? text) =>
        (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsLocal(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.IsUnixPipe || address.IsNamedPipe
                || (Uri.TryCreate($"http://{address.Host}", UriKind.Absolute, out var url)
                    && ListenUrl.IsLoopback(url));
        }
        catch (FormatException)
        {
            // Not understood there either, so nothing listens.
            return true;
        }
    }
}
