using Pipeline.Runtime.Codes;
using Pipeline.Runtime.Planning;
using Xunit;

namespace Pipeline.Runtime.Tests.Planning;

public sealed class PipelineLintTests
{
    [Fact]
    public void Files_are_checked_by_themselves_and_against_each_other()
    {
        var findings = PipelineLint.Check(
            [
                new LintFile("a.yaml", "name: a\nstreams: { raw: {} }\nstages: { s: { query: SELECT * FROM raw } }"),
                new LintFile("b.yaml", "name: b\nstages: { t: { query: 'SELECT * FROM [a.s]' } }"),
                new LintFile("c.yaml", "name: a\nstreams: { raw: {} }\nstages: { u: { query: SELECT * FORM raw } }"),
                new LintFile("d.yaml", "name: d\noops: 1"),
            ],
            _ => null,
            new StageCodes(null));
        var places = findings.Select(finding => $"{finding.File}:{finding.Error.Line}:{finding.Error.Column}");
        Assert.Equal(["c.yaml:1:7", "c.yaml:2:12", "c.yaml:3:32", "d.yaml:2:1"], places);
        Assert.Equal("c.yaml:2:12: Stream 'raw' is declared in a.yaml too.", findings[1].ToString());
    }
}
