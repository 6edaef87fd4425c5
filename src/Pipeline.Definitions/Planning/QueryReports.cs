using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>What compiling queries found, as mistakes of the definition.</summary>
internal static class QueryReports
{
    /// <summary>Says what is wrong with a query, by its places in the file.</summary>
    public static void Report(this QueryCompilation compilation, QueryText text, DefinitionErrors errors)
    {
        if (compilation.Query is { Columns.Count: > DefinitionLimits.Columns and var columns })
        {
            errors.Add(text.Position, $"The query has {columns} columns; at most {DefinitionLimits.Columns} are "
                + "possible.");
        }

        // A place in a long query takes its time to find.
        foreach (var error in compilation.Errors.TakeWhile(_ => !errors.IsFull))
        {
            errors.Add(text.InFile(error.Line, error.Column), error.Message);
        }
    }
}
