using System.Text.Json.Nodes;
using Pipeline.Cli.Tests.Programs;
using Xunit;

namespace Pipeline.Cli.Tests;

/// <summary>pipeline backup, restore and drill.</summary>
public sealed class BackupCommandsTests : IDisposable
{
    private const string Definition = "name: readings-only\nstreams:\n  readings: { partitions: 2, key: deviceId }\n";

    /// <summary>Ids sort by the second.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(1100);

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-cli-").FullName;

    private string Place => Path.Combine(_folder, "backups");

    [Fact]
    public async Task Backups_are_made_checked_rehearsed_restored_pruned_and_their_damage_found()
    {
        await using var service = await RunningStandalone.StartAsync(
            new Dictionary<string, string> { ["Pipeline__Backup__To"] = Place });
        await MakesAsync(service);
        var (newer, older, cut) = await ListsAsync(service.Url.ToString());
        await RehearsesAsync(newer);
        await RestoresAsync(older, cut);
        await KeepsApartAsync(service);
        await PrunesAsync(newer, older);
        await FindsDamageAsync(newer);
    }

    [Fact]
    public async Task A_service_that_is_told_no_place_says_so()
    {
        await using var service = await RunningStandalone.StartAsync();
        await SaysAsync(
            1, "Pipeline:Backup:To", "backup", "create", "--url", service.Url.ToString());
        await SaysAsync(0, "There are no backups yet", "backup", "list", "--url", service.Url.ToString());
    }

    [Theory]
    [InlineData("backup", "list", "--from")]
    [InlineData("backup", "verify", "--from")]
    [InlineData("backup", "prune", "--keep", "1", "--from")]
    [InlineData("restore", "--data", "nowhere", "--from")]
    [InlineData("drill", "--from")]
    public async Task Where_nothing_lies_that_is_said(params string[] arguments)
    {
        var (code, told) = await BuiltProgram.RunAsync([.. arguments, Place]);
        Assert.True(code == 2, told);
        Assert.Contains("There are no backups: nothing lies there.", told, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Place));
    }

    [Theory]
    [InlineData("--from", "backup", "verify")]
    [InlineData("--from", "drill")]
    [InlineData("--keep", "backup", "prune", "--from", "x")]
    [InlineData("--id and --all cannot be given together", "backup", "verify", "--from", "x", "--id", "a", "--all")]
    [InlineData("as 10, or an age, as 30d, not 'soon'", "backup", "prune", "--from", "x", "--keep", "soon")]
    [InlineData("as 10, or an age, as 30d, not '0'", "backup", "prune", "--from", "x", "--keep", "0")]
    [InlineData("as 10, or an age, as 30d, not '0d'", "backup", "prune", "--from", "x", "--keep", "0d")]
    [InlineData("neither a directory nor a container's URL", "backup", "list", "--from", "ftp://x/y")]
    [InlineData("Say where to restore", "restore", "--from", "x")]
    [InlineData("--id and --at cannot be given together",
        "restore", "--from", "x", "--data", "y", "--id", "a", "--at", "2026-01-02T03:04:05Z")]
    [InlineData("--at must be an ISO 8601 time", "restore", "--from", "x", "--data", "y", "--at", "yesterday")]
    [InlineData("--stores must be 1, 3 or 5", "restore", "--from", "x", "--data", "y", "--stores", "2")]
    [InlineData("--data and --store cannot", "restore", "--from", "x", "--data", "y", "--store", "a=z")]
    [InlineData("--stores counts the stores of --data",
        "restore", "--from", "x", "--store", "a=z", "--stores", "3")]
    [InlineData("1, 3 or 5 stores, not 2", "restore", "--from", "x", "--store", "a=y", "--store", "b=z")]
    [InlineData("--store needs name=address, not 'a'", "restore", "--from", "x", "--store", "a")]
    [InlineData("Two stores are named 'a'",
        "restore", "--from", "x", "--store", "a=y", "--store", "a=z", "--store", "b=w")]
    [InlineData("not built yet", "restore", "--from", "x", "--data", "y", "--streams", "readings")]
    [InlineData("not built yet", "restore", "--from", "x", "--data", "y", "--as", "old")]
    [InlineData("There is no program", "drill", "--from", "x", "--programs", "nowhere")]
    [InlineData("There is no folder", "drill", "--from", "x", "--report", "nowhere/page.html")]
    public async Task What_is_wrong_is_told(string expected, params string[] arguments)
    {
        var (code, told) = await BuiltProgram.RunAsync(arguments);
        Assert.NotEqual(0, code);
        Assert.Contains(expected, told, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static async Task MakesAsync(RunningStandalone service)
    {
        var url = service.Url.ToString();
        var file = Path.Combine(service.Folder, "definition.yaml");
        await File.WriteAllTextAsync(file, Definition);
        await SaysAsync(0, "in force", "apply", file, "--url", url);
        await SaysAsync(0, "There are no backups yet", "backup", "list", "--url", url);
        await SendAsync(url, 2000);
        await SaysAsync(0, ": 2,000 events, ", "backup", "create", "--url", url);
        await SendAsync(url, 1000);
        await Task.Delay(Apart);
        await SaysAsync(0, ": 3,000 events, ", "backup", "create", "--url", url);
    }

    /// <summary>Service and place tell the same; the ids of the two, and when the older one was cut.</summary>
    private async Task<(string Newer, string Older, string Cut)> ListsAsync(string url)
    {
        var told = await AskAsync("backup", "list", "--url", url, "--json");
        var lies = await AskAsync("backup", "list", "--from", Place, "--json");
        var backups = told["backups"]!.AsArray();
        Assert.Equal(2, backups.Count);
        Assert.Equal(
            backups.Select(static backup => (string)backup!["id"]!),
            lies["backups"]!.AsArray().Select(static backup => (string)backup!["id"]!));
        Assert.Equal(["done", "done"], backups.Select(static backup => (string)backup!["state"]!));
        var (newer, older) = ((string)backups[0]!["id"]!, (string)backups[1]!["id"]!);
        await SaysAsync(0, $"{older} done", "backup", "list", "--url", url);
        await SaysAsync(0, "No drill has gone well yet", "backup", "list", "--from", Place);
        await SaysAsync(0, $"backup {newer} is whole: 3,000 events", "backup", "verify", "--from", Place);
        await SaysAsync(0, $"backup {older} is whole: 2,000 events", "backup", "verify", "--from", Place, "--all");
        await SaysAsync(
            2, "There is no backup 'nothing'", "backup", "verify", "--from", Place, "--id", "nothing");
        return (newer, older, (string)backups[1]!["cut"]!);
    }

    private async Task RehearsesAsync(string newer)
    {
        var page = Path.Combine(_folder, "drill.html");
        await SaysAsync(0, "The backup can be restored.", "drill", "--from", Place, "--report", page);
        Assert.Contains($"Drill of backup {newer}", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(page, ".json")))!;
        Assert.True((bool)json["ok"]!);
        Assert.Equal(
            ["hashes", "restore", "stores", "service", "pipelines", "streams", "events"],
            json["checks"]!.AsArray().Select(static check => (string)check!["name"]!));
        await SaysAsync(0, "The last drill that went well: ", "backup", "list", "--from", Place);
        await SaysAsync(2, "There is no backup 'nothing'", "drill", "--from", Place, "--id", "nothing");
    }

    private async Task RestoresAsync(string older, string cut)
    {
        var (data, single) = (Path.Combine(_folder, "data"), Path.Combine(_folder, "single"));
        await SaysAsync(
            0, $"backup {older} is restored", "restore", "--from", Place, "--id", older, "--data", data);
        Assert.Equal(3, Directory.GetDirectories(Path.Combine(data, "stores")).Length);
        await SaysAsync(0, "the same, on every store", "verify", "--data", data);
        await SaysAsync(2, "has data: a backup is restored into empty stores only",
            "restore", "--from", Place, "--data", data);
        var restored = await AskAsync(
            "restore", "--from", Place, "--at", cut, "--store", $"a={single}", "--paused", "--json");
        Assert.Equal(older, (string)restored["backup"]!);
        Assert.Equal(2000, (int)restored["events"]!);
        Assert.True((bool)restored["paused"]!);
        await SaysAsync(0, "the same, on every store", "verify", "--store", $"a={single}");
        await SaysAsync(2, "No backup was cut by 2020-01-01 00:00:00Z",
            "restore", "--from", Place, "--at", "2020-01-01", "--data", Path.Combine(_folder, "none"));
    }

    /// <summary>Neither is a store taken for a place of backups, nor such a place for a store.</summary>
    private async Task KeepsApartAsync(RunningStandalone service)
    {
        var store = Path.Combine(service.Data, "stores", "1");
        await SaysAsync(2, "A store of a service lies where", "backup", "verify", "--from", store);
        await SaysAsync(2, "Store 'a': backups lie there",
            "restore", "--from", Place, "--store", $"a={Place}");
        await SaysAsync(0, "is whole", "backup", "verify", "--from", Place, "--all");
    }

    private async Task PrunesAsync(string newer, string older)
    {
        await SaysAsync(0, "0 backups and ", "backup", "prune", "--from", Place, "--keep", "30d");
        await SaysAsync(0, "1 backups and ", "backup", "prune", "--from", Place, "--keep", "1");
        await SaysAsync(2, $"There is no backup '{older}'", "backup", "verify", "--from", Place, "--id", older);
        await SaysAsync(0, $"backup {newer} is whole", "backup", "verify", "--from", Place, "--all");
    }

    private async Task FindsDamageAsync(string newer)
    {
        var piece = Directory.EnumerateFiles(Place, "*=put", SearchOption.AllDirectories)
            .First(static path => Path.GetFileName(Path.GetDirectoryName(path)) == "data");
        var bytes = await File.ReadAllBytesAsync(piece);
        bytes[0] ^= 0xFF;
        await File.WriteAllBytesAsync(piece, bytes);

        await SaysAsync(1, $"backup {newer} is damaged", "backup", "verify", "--from", Place);
        var (code, told) = await BuiltProgram.RunAsync("backup", "verify", "--from", Place, "--json");
        Assert.True(code == 1, told);
        var found = JsonNode.Parse(told)!["backups"]![0]!["findings"]!.AsArray();
        Assert.EndsWith(" is damaged.", (string)found[0]!, StringComparison.Ordinal);
        await SaysAsync(1, "WRONG  hashes", "drill", "--from", Place);
        var lies = await AskAsync("backup", "list", "--from", Place, "--json");
        Assert.True((bool)lies["lastDrill"]!["ok"]!);
    }

    private static Task SendAsync(string url, int events) => SaysAsync(
        0, "events durable", "send", "--url", url, "--events", $"{events}", "--batch", "500");

    private static async Task<JsonNode> AskAsync(params string[] arguments)
    {
        var (code, told) = await BuiltProgram.RunAsync(arguments);
        Assert.True(code == 0, told);
        return JsonNode.Parse(told)!;
    }

    private static async Task SaysAsync(int code, string text, params string[] arguments)
    {
        var (found, told) = await BuiltProgram.RunAsync(arguments);
        Assert.True(found == code, $"exit code {found}: {told}");
        Assert.Contains(text, told, StringComparison.Ordinal);
    }
}
