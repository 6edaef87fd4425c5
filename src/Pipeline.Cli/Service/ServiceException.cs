namespace Pipeline.Cli.Service;

/// <summary>The service refused, or did not answer (status 0).</summary>
internal sealed class ServiceException(int status, IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    public int Status => status;

    public IReadOnlyList<string> Lines => lines;
}
