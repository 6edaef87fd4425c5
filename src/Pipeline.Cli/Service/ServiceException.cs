namespace Pipeline.Cli.Service;

/// <summary>The service refused, or did not answer (status 0).</summary>
internal sealed class ServiceException(int status, IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    /// <summary>Stages whose state a definition would drop, where it was refused for that.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    public int Status => status;

    public IReadOnlyList<string> Lines => lines;
}
