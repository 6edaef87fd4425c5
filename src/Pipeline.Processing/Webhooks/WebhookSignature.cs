using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Processing.Webhooks;

/// <summary>How whatever this service POSTs is signed.</summary>
public static class WebhookSignature
{
    public const string Header = "X-Pipeline-Signature";

    /// <summary>The header's value: <c>sha256=</c> and the HMAC of the body in hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
