using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.TestKit.Wire;

/// <summary>An answer as it came over the connection; status 0: the connection ended without one.</summary>
public sealed record RawReply(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static RawReply None { get; } = new(0, new Dictionary<string, string>(), "");

    /// <summary>The name of the problem, or what else came.</summary>
    public string Problem
    {
        get
        {
            try
            {
                return Headers.GetValueOrDefault("Content-Type") == "application/problem+json"
                    && JsonNode.Parse(Body) is { } json && (int?)json["status"] == Status
                        ? ((string?)json["type"] ?? "").Split(':')[^1]
                        : $"no problem: {this}";
            }
            catch (JsonException)
            {
                return $"no JSON: {this}";
            }
        }
    }

    public override string ToString() => $"{Status} {string.Join(" | ", Headers)} {Body}";
}
