using Pipeline.Tidy.Tests.Rules;

namespace Pipeline.Tidy.Tests;

/// <summary>The tree as it stands keeps every rule.</summary>
public sealed class TreeTests(ITestOutputHelper output)
{
    [Fact]
    public void No_file_is_over_400_lines() => Holds(new FileLength());

    [Fact]
    public void No_line_is_over_120_characters() => Holds(new LineLength());

    [Fact]
    public void No_method_is_over_60_lines() => Holds(new MethodLength());

    [Fact]
    public void No_notes_to_self_and_no_regions_are_left() => Holds(new LeftOvers());

    [Fact]
    public void Every_name_says_something() => Holds(new EmptyNames());

    [Fact]
    public void No_folder_is_named_as_a_type_in_it() => Holds(new FolderNamedAsType());

    [Fact]
    public void Public_interfaces_state_their_contract() => Holds(new DocumentedInterfaces());

    [Fact]
    public void The_pure_layers_neither_await_nor_lock() => Holds(new PureLayers());

    [Fact]
    public void No_work_runs_that_nobody_watches() => Holds(new SupervisedWork());

    [Fact]
    public void No_place_of_one_machine_is_named() => Holds(new MachinePlaces());

    [Fact]
    public void Every_path_that_the_documents_name_exists() => Holds(new DocumentedPaths(ExistsInTree));

    [Fact]
    public void Every_package_in_the_list_is_used() => Holds(new UsedPackages(IsNamedByAProject));

    [Fact]
    public void The_lengths_of_the_product_files_are_reported()
    {
        var lengths = Repository.Files.Where(file => file.IsCSharp && file.IsProduct)
            .Select(file => file.Lines.Length).Order().ToArray();
        Assert.NotEmpty(lengths);
        var median = lengths[lengths.Length / 2];
        var p90 = lengths[lengths.Length * 9 / 10];
        output.WriteLine($"{lengths.Length} files in src: median {median} lines (aim < 60), p90 {p90} (aim < 200)");
        Assert.True(p90 <= FileLength.Max / 2, $"p90 of the product's files is {p90} lines");
    }

    private static bool ExistsInTree(string path) =>
        File.Exists(Path.Combine(Repository.Root, path)) || Directory.Exists(Path.Combine(Repository.Root, path));

    private static bool IsNamedByAProject(string package) => Repository.Files.Any(file =>
        file.Path.EndsWith(".csproj", StringComparison.Ordinal)
        && file.Text.Contains($"<PackageReference Include=\"{package}\"", StringComparison.Ordinal));

    private static void Holds(ITidyRule rule)
    {
        var findings = Repository.Files.SelectMany(rule.Check).ToArray();
        Assert.True(findings.Length == 0, string.Join('\n', findings.Take(50)));
    }
}
