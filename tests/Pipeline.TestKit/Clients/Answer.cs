using System.Text.Json.Nodes;

namespace Pipeline.TestKit.Clients;

/// <summary>What came back of a request; status 0 where the connection broke or nothing listened.</summary>
public sealed record Answer(int Status, string Body, TimeSpan? RetryAfter)
{
    public static readonly Answer None = new(0, "", null);

    public bool IsOk => Status == 200;

    /// <summary>A definition is in force, though partitions may still be opening (202): see docs/http.md.</summary>
    public bool IsApplied => Status is 200 or 202;

    public JsonNode Json => JsonNode.Parse(Body)!;

    public override string ToString() => $"{Status} {(Body.Length > 500 ? Body[..500] + "…" : Body)}";

    /// <summary>The name in a problem's type, "urn:pipeline:problem:{name}".</summary>
    public string? Problem => Body.StartsWith('{') ? ((string?)Json["type"])?.Split(':')[^1] : null;
}
