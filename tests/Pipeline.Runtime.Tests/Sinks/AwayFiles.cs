namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>A disk whose files cannot be seen for a while, as a share that is not there.</summary>
internal sealed class AwayFiles : DelegatingFiles
{
    public volatile bool IsAway;

    public override ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
        IsAway ? throw new IOException("the share is away") : base.ListAsync(directory, cancellationToken);
}
