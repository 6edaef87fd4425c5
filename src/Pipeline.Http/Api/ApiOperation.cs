using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Api;

/// <summary>One operation of the interface: what the router needs and what the API document says about it.</summary>
internal sealed record ApiOperation(string Method, string Path, string Id, string Summary, RequestDelegate Handler)
{
    public required string Tag { get; init; }

    /// <summary>The role it needs where authentication is configured; null: none, it is open.</summary>
    public string? Role { get; init; }

    /// <summary>The role for one stream will do, whichever it is: the answer shows no others.</summary>
    public bool AnyStream { get; init; }

    public string Description { get; init; } = "";

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>Media types of the request's body; none: it has no body.</summary>
    public IReadOnlyList<ApiContent> Body { get; init; } = [];

    /// <summary>The success: 200 with this content.</summary>
    public IReadOnlyList<ApiContent> Answer { get; init; } = [];

    public string AnswerText { get; init; } = "Done.";

    /// <summary>Statuses of problems, with what they mean here.</summary>
    public IReadOnlyList<ApiProblem> Problems { get; init; } = [];
}

/// <summary>A parameter: where is path, query or header.</summary>
internal sealed record ApiParameter(string Name, string Where, string Text, string Example = "");

/// <summary>A media type with the name of its schema and an example (JSON, or text).</summary>
internal sealed record ApiContent(string MediaType, string Schema, string Example = "");

/// <summary>A status and the problem types it comes with.</summary>
internal sealed record ApiProblem(int Status, string Text);
