using Pipeline.Tidy.Tests.Rules;

namespace Pipeline.Tidy.Tests;

/// <summary>Every rule finds an example of what it forbids, and only that.</summary>
public sealed class RuleTests
{
    private static readonly string LongMethod =
        "class C { void M()\n{\n" + string.Concat(Enumerable.Repeat(";\n", MethodLength.Max)) + "} }";

    [Fact]
    public void A_file_of_401_lines_is_found() =>
        Finds(new FileLength(), "src/A/B.cs", new string('\n', FileLength.Max) + "//", FileLength.Max + 1);

    [Fact]
    public void A_line_of_121_characters_is_found() =>
        Finds(new LineLength(), "src/A/B.cs", "//\n" + new string('/', LineLength.Max + 1), 2);

    [Fact]
    public void A_method_over_60_lines_is_found() => Finds(new MethodLength(), "src/A/B.cs", LongMethod, 1);

    [Fact]
    public void A_long_file_of_short_methods_is_not_found() => Assert.Empty(new MethodLength().Check(
        new SourceFile("src/A/B.cs", "class C {" + string.Concat(Enumerable.Repeat("void M() {\n}\n", 100)) + "}")));

    [Theory]
    [InlineData("// FIXME later")]
    [InlineData("#region x\n#endregion")]
    [InlineData("/// <summary>TODO</summary>\nclass C;")]
    public void A_note_to_self_or_a_region_is_found(string text) => Finds(new LeftOvers(), "src/A/B.cs", text, 1);

    [Fact]
    public void A_note_in_a_string_is_none() =>
        Assert.Empty(new LeftOvers().Check(new SourceFile("src/A/B.cs", "class C { string s = \"FIXME\"; }")));

    [Theory]
    [InlineData("src/Pipeline.Kernel/Utils/B.cs", "class B;")]
    [InlineData("src/Pipeline.Common/B.cs", "class B;")]
    [InlineData("src/A/B.cs", "class StringHelper;")]
    [InlineData("src/A/LogMisc.cs", "class B;")]
    public void An_empty_name_is_found(string path, string text) => Finds(new EmptyNames(), path, text, 1);

    [Fact]
    public void A_type_in_a_folder_of_its_name_is_found() =>
        Finds(new FolderNamedAsType(), "src/Pipeline.Kernel/Partition/Partition.cs", "public class Partition;", 1);

    [Fact]
    public void A_public_interface_without_a_doc_comment_is_found() =>
        Finds(new DocumentedInterfaces(), "src/A/B.cs", "namespace A;\npublic interface IB;", 2);

    [Fact]
    public void A_documented_interface_is_not_found() => Assert.Empty(new DocumentedInterfaces().Check(
        new SourceFile("src/A/B.cs", "namespace A;\n/// <summary>B.</summary>\n[X]\npublic interface IB;")));

    [Theory]
    [InlineData("class C { Task M() => null; }")]
    [InlineData("class C { async void M() { } }")]
    [InlineData("class C { List<ValueTask> tasks; }")]
    public void Asynchrony_in_a_pure_layer_is_found(string text) =>
        Finds(new PureLayers(), "src/Pipeline.Kernel/C.cs", text, 1);

    [Fact]
    public void Asynchrony_elsewhere_is_not_found() =>
        Assert.Empty(new PureLayers().Check(new SourceFile("src/Pipeline.Runtime/C.cs", "class C { Task t; }")));

    [Theory]
    [InlineData("class C { void M() { _ = WorkAsync(); } }")]
    [InlineData("class C { void M() { _ = other?.WorkAsync(); } }")]
    [InlineData("class C { void M() { WorkAsync(); } }")]
    [InlineData("class C { void M() => WorkAsync(); }")]
    [InlineData("class C { async void M() { } }")]
    [InlineData("class C { void M() { async void N() { } } }")]
    [InlineData("class C { void M() { loop.Post(async _ => await WorkAsync(), null); } }")]
    [InlineData("class C { void M() { loop.Post(_ => WorkAsync(), null); } }")]
    [InlineData("class C { void M() { loop.Post(static c => _ = ((C)c).WorkAsync(), this); } }")]
    public void Work_that_nobody_watches_is_found(string text)
    {
        Finds(new SupervisedWork(), "src/Pipeline.Replication/C.cs", text, 1);
        Finds(new SupervisedWork(), "src/Pipeline.Runtime/C.cs", text, 1);
        Finds(new SupervisedWork(), "src/Pipeline.Grains/C.cs", text, 1);
        Assert.Empty(new SupervisedWork().Check(new SourceFile("src/Pipeline.Cli/C.cs", text)));
    }

    [Theory]
    [InlineData("class C { Task M() => WorkAsync(); }")]
    [InlineData("class C { async Task M() { await WorkAsync(); } }")]
    [InlineData("class C { void M() { loop.Run(\"sweep\", () => WorkAsync()); } }")]
    [InlineData("class C { void M() { loop.CallAsync(() => WorkAsync()).Ignore(); } }")]
    [InlineData("class C { void M() { _ = Close(handle); var task = WorkAsync(); } }")]
    public void Work_that_somebody_watches_is_not_found(string text) =>
        Assert.Empty(new SupervisedWork().Check(new SourceFile("src/Pipeline.Runtime/C.cs", text)));

    [Theory]
    [InlineData("ho", "me/someone/x")]
    [InlineData("wo", "rk/x")]
    [InlineData("tm", "p/x")]
    public void A_path_of_one_machine_is_found(string top, string rest) =>
        Finds(new MachinePlaces(), "docs/a.md", $"see /{top}{rest}", 1);

    [Fact]
    public void A_private_address_is_found() =>
        Finds(new MachinePlaces(), "docs/a.md", $"http://{"192"}.{"168"}.1.2:80/", 1);

    [Fact]
    public void A_private_network_as_a_whole_is_no_place_and_an_address_in_it_is()
    {
        Finds(new MachinePlaces(), "docs/a.md", $"{"10"}.0.0.1/8", 1);
        Assert.Empty(new MachinePlaces().Check(new SourceFile("docs/a.md", "10.0.0.0/8, 192.168.0.0/16")));
    }

    [Theory]
    [InlineData("see [this](gone.md)")]
    [InlineData("see `docs/gone.md`")]
    [InlineData("run `dotnet run --project src/Gone`")]
    public void A_path_that_is_gone_is_found(string text) =>
        Finds(new DocumentedPaths(path => path == "docs/here.md"), "docs/a.md", text, 1);

    [Theory]
    [InlineData("see [this](here.md#part) and `docs/here.md`")]
    [InlineData("see [that](https://example.org/gone.md)")]
    [InlineData("`pipelines/{name}.yaml`")]
    public void A_path_that_is_there_is_not_found(string text) => Assert.Empty(
        new DocumentedPaths(path => path == "docs/here.md").Check(new SourceFile("docs/a.md", text)));

    [Fact]
    public void A_package_that_no_project_names_is_found() => Finds(
        new UsedPackages(package => package == "A"),
        "Directory.Packages.props",
        "<PackageVersion Include=\"A\" Version=\"1\" />\n<PackageVersion Include=\"B\" Version=\"1\" />",
        2);

    private static void Finds(ITidyRule rule, string path, string text, int line)
    {
        var finding = Assert.Single(rule.Check(new SourceFile(path, text)));
        Assert.Equal((path, line), (finding.Path, finding.Line));
    }
}
