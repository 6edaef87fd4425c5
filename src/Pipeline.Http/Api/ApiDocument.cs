using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Api;

/// <summary>Fills the OpenAPI document from the operations that are mapped.</summary>
internal static class ApiDocument
{
    private const string Bearer = "bearer";

    /// <summary><paramref name="isGuarded"/>: callers must authenticate.</summary>
    public static void Fill(OpenApiDocument document, IReadOnlyList<ApiOperation> operations, bool isGuarded)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Pipeline",
            Version = "v1",
            Description = "Durable event streams, stages that process them exactly once, and sinks. "
                + "Every error is application/problem+json with a type urn:pipeline:problem:{name}.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas = ApiSchemas.All();
        document.Paths = [];
        if (isGuarded)
        {
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = Bearer,
                    Description = "A key of this service, or a token of the issuer that it trusts.",
                },
            };
        }

        foreach (var group in operations.GroupBy(o => o.Path))
        {
            document.Paths[group.Key] = new OpenApiPathItem
            {
                Operations = group.ToDictionary(o => HttpMethod.Parse(o.Method), o => Describe(o, document, isGuarded)),
            };
        }

        document.Tags = operations.Select(o => o.Tag).Distinct().Select(t => new OpenApiTag { Name = t }).ToHashSet();
    }

    private static OpenApiOperation Describe(ApiOperation operation, OpenApiDocument document, bool isGuarded)
    {
        var described = Describe(operation);
        if (isGuarded && operation.Role is { } role)
        {
            described.Description += $" Needs the role {role}.";
            described.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
            Add(described.Responses!, new(401, "unauthenticated: no key or token, or none that is known."));
            Add(described.Responses!, new(403, $"forbidden: without the role {role}."));
        }

        return described;
    }

    private static OpenApiOperation Describe(ApiOperation operation) => new()
    {
        OperationId = operation.Id,
        Summary = operation.Summary,
        Description = operation.Description.Length > 0 ? operation.Description : operation.Summary,
        Tags = new HashSet<OpenApiTagReference> { new(operation.Tag) },
        Parameters = [.. operation.Parameters.Select(Describe)],
        RequestBody = operation.Body.Count == 0
            ? null
            : new OpenApiRequestBody { Required = true, Content = Describe(operation.Body) },
        Responses = Responses(operation),
    };

    private static OpenApiParameter Describe(ApiParameter parameter) => new()
    {
        Name = parameter.Name,
        Description = parameter.Text,
        Required = parameter.Where == "path",
        In = parameter.Where switch
        {
            "path" => ParameterLocation.Path,
            "header" => ParameterLocation.Header,
            _ => ParameterLocation.Query,
        },
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = parameter.Example.Length > 0 ? JsonValue.Create(parameter.Example) : null,
    };

    private static Dictionary<string, OpenApiMediaType> Describe(IReadOnlyList<ApiContent> contents) =>
        contents.ToDictionary(c => c.MediaType, c => new OpenApiMediaType
        {
            Schema = ApiSchemas.Reference(c.Schema),
            Example = c.Example.Length == 0 ? null : ExampleOf(c.Example),
        });

    private static JsonNode? ExampleOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static OpenApiResponses Responses(ApiOperation operation)
    {
        var responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = operation.AnswerText, Content = Describe(operation.Answer) },
        };
        foreach (var problem in operation.Problems)
        {
            Add(responses, problem);
        }

        return responses;
    }

    private static void Add(OpenApiResponses responses, ApiProblem problem) =>
        responses[problem.Status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
        {
            Description = problem.Text,
            Content = Describe([new ApiContent(Problem.MediaType, "Problem")]),
        };
}
