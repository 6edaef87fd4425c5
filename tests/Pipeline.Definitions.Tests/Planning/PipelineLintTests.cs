using Pipeline.Definitions.Codes;
using Pipeline.Definitions.Planning;
using Xunit;

namespace Pipeline.Definitions.Tests.Planning;

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
            DefinitionVariables.None,
            new StageCodes(null));
        var places = findings.Select(finding => $"{finding.File}:{finding.Error.Line}:{finding.Error.Column}");
        Assert.Equal(["c.yaml:1:7", "c.yaml:2:12", "c.yaml:3:32", "d.yaml:2:1"], places);
        Assert.Equal("c.yaml:2:12: Stream 'raw' is declared in a.yaml too.", findings[1].ToString());
    }

    [Fact]
    public void A_file_may_read_what_a_stage_of_a_later_file_writes()
    {
        var writes = new LintFile("c.yaml", """
            name: c
            streams: { s1: {} }
            stages: { x: { materialize: true, query: SELECT v FROM s1 } }
            """);
        var reads = new LintFile("d.yaml", "name: d\nstages: { y: { query: 'SELECT v FROM [c.x]' } }");
        var again = new LintFile("e.yaml", "name: e\nstages: { z: { query: 'SELECT v FROM [d.y]' } }");
        Assert.Empty(PipelineLint.Check([again, reads, writes], DefinitionVariables.None));
        Assert.NotEmpty(PipelineLint.Check([again, writes], DefinitionVariables.None));
    }

    [Theory]
    [InlineData("out/x", "out/./y/../x/")]
    [InlineData("/data/out", "//data/out")]
    [InlineData("../out", "a/../../out")]
    public void Two_files_that_write_to_one_directory_are_told_so(string left, string right)
    {
        var finding = Assert.Single(PipelineLint.Check([Sink("a", left), Sink("b", right)], DefinitionVariables.None));
        Assert.Equal("b.yaml:3:40: Sink 'f' writes to the directory of sink 'f' in a.yaml.", finding.ToString());
    }

    [Fact]
    public void A_directory_beside_one_of_the_same_name_is_another() =>
        Assert.Empty(PipelineLint.Check([Sink("a", "out"), Sink("b", "../out")], DefinitionVariables.None));

    private static LintFile Sink(string name, string path) => new(
        $"{name}.yaml",
        $"name: {name}\nstreams: {{ s{name}: {{}} }}\n"
            + $"sinks: {{ f: {{ from: s{name}, files: {{ path: '{path}' }} }} }}");
}
