using System.Security.Cryptography;
using System.Text;
using Pipeline.Http.Access;

namespace Pipeline.Http.Tests.Access;

/// <summary>Keys made for one test.</summary>
internal static class Keys
{
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static ApiKey Of(string name, string key, params string[] roles) =>
        new(name, SHA256.HashData(Encoding.UTF8.GetBytes(key)), roles);
}
