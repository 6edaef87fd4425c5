using Azure.Core;
using Azure.Identity;

namespace Pipeline.Grains.Membership;

/// <summary>Gives what a host logs in to the database with, in the place of a password; asked by turns.</summary>
public delegate ValueTask<string> DatabaseToken(CancellationToken cancellationToken);

/// <summary>Tokens of Entra ID for Azure Database for PostgreSQL.</summary>
public static class EntraToken
{
    private static readonly TokenRequestContext Request = new(["https://ossrdbms-aad.database.windows.net/.default"]);

    /// <summary>Those of the identity the process runs as: a managed one on Azure, the developer elsewhere.</summary>
    public static DatabaseToken Default()
    {
        var credential = new DefaultAzureCredential();
        return async cancellationToken => (await credential.GetTokenAsync(Request, cancellationToken)).Token;
    }
}
