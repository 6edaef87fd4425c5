using System.Globalization;
using System.Net.Http.Headers;
using Pipeline.TestKit.Machines;

namespace Pipeline.Infra.Tests;

/// <summary>What is promised of the image, where the image itself cannot be run: not root, a read-only root.</summary>
public sealed class ConfinedTests : IDisposable
{
    /// <summary>What confined.sh ends with where the machine allows no mounts.</summary>
    private const int CannotConfine = 97;

    private readonly string _published = Directory.CreateTempSubdirectory("pipeline-published-").FullName;

    /// <summary>A copy: the image's user may not reach the folder that the repository is in.</summary>
    private string Pipelines => Path.Combine(_published, "pipelines");

    public void Dispose() => Directory.Delete(_published, recursive: true);

    [Fact]
    public async Task TheHostServesAsTheImagesUserAndWritesOnlyToItsData()
    {
        Confined.Require();
        var stop = TestContext.Current.CancellationToken;
        using var host = new Confined(
            await PublishAsync(), Pipelines, static folder => Path.Combine(folder, "data"));
        var accepts = await host.AcceptsAsync(TimeSpan.FromSeconds(60), stop);
        Assert.SkipWhen(host.ExitCode == CannotConfine, "needs mounts (docker run --privileged)");
        Assert.True(accepts, host.Output);
        Assert.Equal(Checks.Images.User, host.User.ToString(CultureInfo.InvariantCulture));
        using var client = new HttpClient { BaseAddress = host.Address };
        using var body = new StringContent(
            """{"deviceId":"dev-1","ts":"2026-01-01T00:00:01Z","temperature":21.5}""",
            MediaTypeHeaderValue.Parse("application/json"));
        var answer = await client.PostAsync(new Uri("v1/streams/readings/events", UriKind.Relative), body, stop);
        Assert.Contains("\"accepted\":1", await answer.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataOutsideOfTheWritableFolderIsRefused()
    {
        Confined.Require();
        using var host = new Confined(await PublishAsync(), Pipelines, static folder => folder + "-elsewhere");
        var accepts = await host.AcceptsAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.SkipWhen(host.ExitCode == CannotConfine, "needs mounts (docker run --privileged)");
        Assert.False(accepts, "it wrote where nothing may be written");
    }

    private async Task<string> PublishAsync()
    {
        var program = await Built.PublishAsync("Pipeline.Standalone", Path.Combine(_published, "standalone"));
        Directory.CreateDirectory(Pipelines);
        foreach (var file in Directory.EnumerateFiles(Repository.At("pipelines")))
        {
            File.Copy(file, Path.Combine(Pipelines, Path.GetFileName(file)));
        }

        await Command.MustRunAsync("chmod", "-R", "a+rX", _published);
        return program;
    }
}
