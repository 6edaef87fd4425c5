using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Pipeline.TestKit.HttpContract;

/// <summary>What came back.</summary>
public sealed record Reply(int Status, string Body, string MediaType, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>A definition is in force, though partitions may still be opening (202): see docs/http.md.</summary>
    public bool IsApplied => Status is 200 or 202;

    /// <summary>The name of the problem; checks that it is one in every respect.</summary>
    public string Problem
    {
        get
        {
            var json = Json;
            var type = (string?)json["type"] ?? "";
            return MediaType == "application/problem+json"
                && (int?)json["status"] == Status
                && !string.IsNullOrEmpty((string?)json["title"])
                && !string.IsNullOrEmpty((string?)json["detail"])
                && type.StartsWith("urn:pipeline:problem:", StringComparison.Ordinal)
                    ? type.Split(':')[^1]
                    : $"no problem: {this}";
        }
    }

    public List<JsonNode> Lines =>
        [.. Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];

    public int Accepted => (int)Json["accepted"]!;

    public int Duplicates => (int)Json["duplicates"]!;

    public string Positions => Json["positions"]!.ToJsonString();

    public override string ToString() => $"{Status} {MediaType} {Body}";
}
