using Microsoft.AspNetCore.Http;
using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Operations;

/// <summary>
/// Operations whose names and paths are fixed and that are not built: 501, so that nobody takes them for misspelt.
/// They are not in the API document.
/// </summary>
internal static class PlannedOperations
{
    private static readonly (string Method, string Path)[] Paths =
    [
        ("GET", "/v1/cluster"),
        ("GET", "/v1/pipelines/{pipeline}/savepoints"),
        ("GET", "/v1/pipelines/{pipeline}/savepoints/{savepoint}"),
        ("POST", "/v1/pipelines/{pipeline}/dead-letters/discard"),
        ("GET", "/v1/stores"),
        ("POST", "/v1/stores"),
        ("GET", "/v1/stores/{name}"),
        ("PUT", "/v1/stores/{name}"),
        ("DELETE", "/v1/stores/{name}"),
        ("POST", "/v1/streams/{stream}/batches"),
        ("POST", "/v1/streams/{stream}/hold"),
        ("POST", "/v1/transactions"),
        ("GET", "/v1/transactions/{handle}"),
    ];

    public static IEnumerable<ApiOperation> All => Paths.Select(static planned =>
        new ApiOperation(planned.Method, planned.Path, "", "Not built yet.", AnswerAsync)
        {
            Tag = "Planned",
            Role = HttpMethods.IsGet(planned.Method) ? AccessRoles.Reader : AccessRoles.Operator,
        });

    private static Task AnswerAsync(HttpContext context)
    {
        var what = $"{context.Request.Method} {context.Request.Path}";
        return ProblemWriter.WriteAsync(context, Problem.NotBuilt($"{what} is not built yet; nothing was done."));
    }
}
