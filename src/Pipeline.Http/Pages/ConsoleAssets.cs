using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Pipeline.Http.Pages;

/// <summary>The console's files, as they were built into the program.</summary>
internal sealed class ConsoleAssets
{
    private const string Prefix = "console/";

    private readonly FrozenDictionary<string, ConsoleAsset> _files = Load().ToFrozenDictionary(
        static file => file.Name, StringComparer.Ordinal);

    public ConsoleAsset? Find(string name) => _files.GetValueOrDefault(name);

    private static IEnumerable<ConsoleAsset> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"";
            var name = resource[Prefix.Length..];
            yield return new ConsoleAsset(name, MediaTypeOf(name), bytes, tag);
        }
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };
}

/// <summary>One file; <paramref name="Tag"/> is its entity tag.</summary>
internal sealed record ConsoleAsset(string Name, string MediaType, byte[] Bytes, string Tag);
