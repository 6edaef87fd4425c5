namespace Pipeline.Http.Access;

/// <summary>Who may use the HTTP interface: holders of keys, and whom an issuer (OpenID Connect) names.</summary>
public sealed record AccessOptions
{
    /// <summary>Everybody may do everything; allowed on loopback alone.</summary>
    public static AccessOptions None { get; } = new();

    public IReadOnlyList<ApiKey> Keys { get; init; } = [];

    /// <summary>The issuer of tokens; its keys come from <c>/.well-known/openid-configuration</c> below it.</summary>
    public Uri? Authority { get; init; }

    /// <summary>What tokens must be made out to.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The claim of a token that lists roles.</summary>
    public string RolesClaim { get; init; } = "roles";

    /// <summary>The Azure Front Door that requests must have come through; null: any way will do.</summary>
    public Guid? FrontDoor { get; init; }

    public bool IsConfigured => Keys.Count > 0 || Authority is not null;
}
