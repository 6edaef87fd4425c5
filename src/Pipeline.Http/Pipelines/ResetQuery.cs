using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Pipelines;

/// <summary>The parameter <c>reset</c>: <c>true</c>, or names of stages with commas between them.</summary>
/// <param name="All">Whatever stages hold may be dropped.</param>
/// <param name="Stages">What these hold may be dropped.</param>
internal readonly record struct ResetQuery(bool All, IReadOnlyList<string> Stages)
{
    private const string Name = "reset";

    /// <summary>False where it is there without a value, or a name is empty.</summary>
    public static bool TryRead(
        HttpRequest request, out ResetQuery reset, [NotNullWhen(false)] out Problem? problem)
    {
        (reset, problem) = (new ResetQuery(false, []), null);
        if (!request.Query.TryGetValue(Name, out var values))
        {
            return true;
        }

        var text = values.ToString();
        reset = text == "true" ? reset with { All = true } : reset with { Stages = text.Split(',') };
        problem = reset.Stages.All(static stage => stage.Length > 0)
            ? null
            : Problem.Malformed(
                "reset must be true, or name the stages whose state may be dropped, with commas between them.");
        return problem is null;
    }
}
