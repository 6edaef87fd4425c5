namespace Pipeline.Cli.Drills;

/// <summary>One thing that a drill looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Found">What was found, for people.</param>
/// <param name="Findings">What is wrong, a line each.</param>
internal sealed record DrillCheck(string Name, string Found, IReadOnlyList<string> Findings)
{
    public bool IsOk => Findings.Count == 0;
}
