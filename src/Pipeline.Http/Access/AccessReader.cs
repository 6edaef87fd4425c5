using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Pipeline.Http.Access;

/// <summary>
/// Reads Pipeline:Auth and Pipeline:FrontDoorId, and finds all mistakes. Never repeats a value that could be a key put
/// where its hash belongs.
/// </summary>
public sealed class AccessReader
{
    private const string Section = "Pipeline:Auth";
    private const string RolesHint = "one or more of producer, reader, operator, separated by commas";

    private static readonly string[] Names = ["Keys", "Authority", "Audience", "RolesClaim"];
    private static readonly string[] KeyNames = ["Hash", "Roles"];

    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public AccessOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        RefuseOthers(section, Names);
        var keys = section.GetSection("Keys").GetChildren().Select(ReadKey).ToList();
        foreach (var twice in keys.Where(k => !k.Hash.IsEmpty)
            .GroupBy(k => Convert.ToHexString(k.Hash.Span)).Where(g => g.Count() > 1))
        {
            _errors.Add($"{Section}:Keys: {string.Join(" and ", twice.Select(k => k.Name))} have the same hash; make a "
                + "key for each: pipeline key.");
        }

        return new AccessOptions
        {
            Keys = keys,
            Authority = ReadAuthority(section),
            Audience = section["Audience"] ?? "",
            RolesClaim = section["RolesClaim"] ?? AccessOptions.None.RolesClaim,
            FrontDoor = ReadFrontDoor(configuration["Pipeline:FrontDoorId"]),
        };
    }

    private void RefuseOthers(IConfigurationSection section, string[] names)
    {
        foreach (var other in section.GetChildren()
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _errors.Add($"{other.Path} is not a setting; there are {string.Join(", ", names)}.");
        }
    }

    private ApiKey ReadKey(IConfigurationSection section)
    {
        RefuseOthers(section, KeyNames);
        return new ApiKey(section.Key, ReadHash(section), ReadRoles(section));
    }

    private byte[] ReadHash(IConfigurationSection section)
    {
        var text = section["Hash"] ?? "";
        var isHash = text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigit);
        var hash = isHash ? Convert.FromHexString(text) : [];
        if (!isHash)
        {
            _errors.Add($"{section.Path}:Hash must be 64 hexadecimal digits, the SHA-256 of a key: pipeline key makes "
                + "a key and its hash.");
        }
        else if (hash.AsSpan().SequenceEqual(SHA256.HashData([])))
        {
            _errors.Add($"{section.Path}:Hash is the hash of nothing; take the one that pipeline key prints.");
        }

        return hash;
    }

    private string[] ReadRoles(IConfigurationSection section)
    {
        var roles = (section["Roles"] ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (roles.Length == 0)
        {
            _errors.Add($"{section.Path}:Roles is missing: {RolesHint}.");
        }

        _errors.AddRange(roles.Select(AccessRoles.Error).OfType<string>()
            .Select(error => $"{section.Path}:Roles: {error}."));
        return roles;
    }

    private Guid? ReadFrontDoor(string? text)
    {
        if (text is null || Guid.TryParse(text, out _))
        {
            return text is null ? null : Guid.Parse(text);
        }

        _errors.Add($"Pipeline:FrontDoorId must be the id of an Azure Front Door (its frontDoorId, a GUID), not "
            + $"'{text}'; without one leave it out.");
        return null;
    }

    private Uri? ReadAuthority(IConfigurationSection section)
    {
        if (section["Authority"] is not { } text)
        {
            if (section["Audience"] is not null || section["RolesClaim"] is not null)
            {
                _errors.Add($"{Section}:Authority is missing: Audience and RolesClaim are of tokens, and it says who "
                    + "issues them.");
            }

            return null;
        }

        if (string.IsNullOrWhiteSpace(section["Audience"]))
        {
            _errors.Add($"{Section}:Audience is missing: what the tokens are made out to, as the client id of the "
                + "application that is registered for this service.");
        }

        if (section["RolesClaim"] is { } claim && string.IsNullOrWhiteSpace(claim))
        {
            _errors.Add($"{Section}:RolesClaim is empty: leave it out for 'roles', or name a claim.");
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var authority)
            && (authority.Scheme == "https" || (authority.Scheme == "http" && ListenUrl.IsLoopback(authority))))
        {
            return authority;
        }

        _errors.Add($"{Section}:Authority must be the https URL of the issuer, as "
            + $"https://login.microsoftonline.com/<tenant>/v2.0, not '{text}'; without tokens leave it out.");
        return null;
    }
}
