using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Pipeline.Cli.Tests.Programs;
using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Cli.Tests.Testing;

/// <summary><c>pipeline test</c> as it was built.</summary>
public sealed class TestCommandTests : IDisposable
{
    private const string Counts = """
        name: counts
        streams:
          readings: { partitions: 4, key: deviceId, time: ts }
        stages:
          perDevice:
            key: deviceId
            query: |
              SELECT deviceId, COUNT(*) AS n, AVG(x) AS mean
              FROM readings GROUP BY deviceId, TumblingWindow(second, 10)
        """;

    private const string Given = """
        given:
              - stream: readings
                at: 2026-01-01T00:00:00Z
                events:
                  - { deviceId: a, ts: 2026-01-01T00:00:01Z, x: 1 }
                  - { deviceId: a, ts: 2026-01-01T00:00:02Z, x: 2 }
              - watermark: 2026-01-01T00:01:00Z
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-test-").FullName;

    [Fact]
    public async Task All_examples_pass_within_seconds()
    {
        var (code, output) = await BuiltProgram.RunAsync("test", Path.Combine(Built.Root, "examples"));

        Assert.True(code == 0, output);
        var files = Directory.GetFiles(Path.Combine(Built.Root, "examples"), "*.test.yaml").Length;
        var sum = output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith($"{files} files, ", sum, StringComparison.Ordinal);
        Assert.Contains(" 0 failed ", sum, StringComparison.Ordinal);
        var seconds = double.Parse(sum.Split('(')[^1].Split(' ')[0], CultureInfo.InvariantCulture);
        if (seconds > 10)
        {
            Assert.InRange(seconds, 0, 10 * MachineSpeed.Slowness());
        }
    }

    [Fact]
    public async Task What_differs_is_shown_by_row_and_field_and_written_for_JUnit()
    {
        Written("counts.yaml", Counts);
        var file = Written("counts.test.yaml", $$"""
            cases:
              - name: right
                {{Given}}
                expect:
                  perDevice: [{ n: 2.0, deviceId: a, mean: 1.5 }]
              - name: wrong
                {{Given}}
                expect:
                  perDevice:
                    - { deviceId: a, n: 3, mean: 1.5 }
                    - { deviceId: b, n: 1, mean: 1 }
            """);
        var junit = Path.Combine(_folder, "out.xml");

        var (code, output) = await BuiltProgram.RunAsync("test", file, "--junit", junit);

        Assert.Equal(1, code);
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("  ok    right (", output, StringComparison.Ordinal);
        Assert.Contains("  FAIL  wrong (", output, StringComparison.Ordinal);
        Assert.Contains($"{file}:21:7: perDevice: 2 rows missing, 1 row not expected\n", output,
            StringComparison.Ordinal);
        Assert.Contains("""
                  - {"deviceId":"a","n":3,"mean":1.5}
                  + {"deviceId":"a","n":2,"mean":1.5}
                    n: 3 expected, 2 came
                  - {"deviceId":"b","n":1,"mean":1}
            """, output, StringComparison.Ordinal);
        Assert.Contains("1 file, 2 cases: 1 passed, 1 failed (", output, StringComparison.Ordinal);
        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        Assert.Equal("2 1 0", $"{(int)suite.Attribute("tests")!} {(int)suite.Attribute("failures")!} "
            + $"{(int)suite.Attribute("errors")!}");
        Assert.Equal(["right", "wrong"], suite.Elements("testcase").Select(one => (string)one.Attribute("name")!));
        Assert.Contains("""+ {"deviceId":"a","n":2""", (string)suite.Descendants("failure").Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_read_a_line_a_case()
    {
        Written("counts.yaml", Counts);
        var file = Written("counts.test.yaml", $$"""
            cases:
              - name: wrong
                {{Given}}
                expect: { perDevice: [] }
            """);

        var (code, output) = await BuiltProgram.RunAsync("test", file, "--json");

        Assert.Equal(1, code);
        using var line = JsonDocument.Parse(Assert.Single(output.TrimEnd().Split('\n')));
        Assert.False(line.RootElement.GetProperty("passed").GetBoolean());
        var failure = line.RootElement.GetProperty("failures")[0];
        Assert.Equal("""{"deviceId":"a","n":2,"mean":1.5}""", failure.GetProperty("notExpected")[0].GetString());
    }

    [Fact]
    public async Task What_cannot_be_read_says_where_and_what_there_is_and_the_other_files_run()
    {
        Written("counts.yaml", Counts);
        Written("a.yaml", Counts.Replace("FROM readings", "FROM raedings", StringComparison.Ordinal));
        Written("a.test.yaml", "cases: [{ name: a, expect: {} }]");
        var bad = Written("b.test.yaml", $$"""
            pipeline: counts.yaml
            cases:
              - name: b
                given: [{ stream: reading, at: 2026-01-01T00:00:00Z, events: [] }]
                expect: { perDevices: [] }
            """);
        var alone = Written("c.test.yaml", "cases: [{ name: c, expect: {} }]");
        Written("d.test.yaml", "pipeline: counts.yaml\ncases: [{ name: d, expect: { perDevice: [] } }]");
        var junit = Path.Combine(_folder, "out.xml");

        var (code, output) = await BuiltProgram.RunAsync("test", _folder, "--junit", junit);

        Assert.Equal(2, code);
        Assert.Contains("a.yaml:9:", output, StringComparison.Ordinal);
        Assert.Contains($"{bad}:4:23: 'reading' is no stream that pipeline 'counts' declares. "
            + "Did you mean 'readings'? There are: readings.", output, StringComparison.Ordinal);
        Assert.Contains($"{bad}:5:15: 'perDevices' is no stage of pipeline 'counts', nor what comes late to one. "
            + "Did you mean 'perDevice'? There are: perDevice, perDevice.late.", output, StringComparison.Ordinal);
        Assert.Contains($"{alone}:1:1: There is no definition", output, StringComparison.Ordinal);
        Assert.Contains("  ok    d (", output, StringComparison.Ordinal);
        Assert.Contains("4 files, 1 case: 1 passed, 0 failed, 3 files unreadable", output, StringComparison.Ordinal);
        Assert.Equal("3", (string)XDocument.Load(junit).Root!.Attribute("errors")!);
    }

    [Fact]
    public async Task The_reference_s_own_file_passes()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Built.Root, "docs", "cli.md"));
        var cases = text.Split("```yaml\n").Select(static part => part.Split("```")[0])
            .Single(static part => part.StartsWith("cases:", StringComparison.Ordinal));
        File.Copy(Path.Combine(Built.Root, "pipelines", "telemetry.yaml"), Path.Combine(_folder, "telemetry.yaml"));

        var (code, output) = await BuiltProgram.RunAsync("test", Written("telemetry.test.yaml", cases));

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task A_service_leaves_test_files_beside_its_definitions_alone_and_lint_reads_them_as_such()
    {
        const string Test = "cases: [{ name: a, expect: {} }]";
        await using var service = await RunningStandalone.StartAsync(files: new Dictionary<string, string>
        {
            ["counts.yaml"] = Counts,
            ["counts.test.yaml"] = Test,
        });
        var (_, status) = await BuiltProgram.RunAsync("status", "--url", service.Url.ToString());
        Assert.Contains("counts", status, StringComparison.Ordinal);

        var (good, bad) = (Written("a.test.yaml", Test), Written("b.test.yaml", "case: []"));
        Assert.Equal(0, (await BuiltProgram.RunAsync("lint", good)).ExitCode);
        var (code, output) = await BuiltProgram.RunAsync("lint", good, bad);
        Assert.Equal(1, code);
        Assert.Contains($"{bad}:1:1: A test file has no field 'case'.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_test_files_and_a_file_that_is_not_there_are_told()
    {
        var (code, output) = await BuiltProgram.RunAsync("test", _folder);
        Assert.Equal(2, code);
        Assert.Contains("There is no *.test.yaml in ", output, StringComparison.Ordinal);
        Assert.Equal(2, (await BuiltProgram.RunAsync("test", Path.Combine(_folder, "x.test.yaml"))).ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
