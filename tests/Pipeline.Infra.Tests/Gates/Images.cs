using System.Text.Json;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>The container properties that a project evaluates to: base image, user, ports, name, labels.</summary>
internal static class Images
{
    public static string[] Command(string project) =>
    [
        "msbuild", project, "-nologo",
        "-getProperty:ContainerBaseImage,ContainerUser,ContainerRepository,ContainerImageTag,Version",
        "-getItem:ContainerPort,ContainerLabel",
    ];

    public static IEnumerable<string> Check(string project, string evaluated, ImageBinding image)
    {
        var root = JsonDocument.Parse(evaluated).RootElement;
        string Property(string name) => root.GetProperty("Properties").GetProperty(name).GetString()!;
        foreach (var (name, expected) in new[]
        {
            ("ContainerBaseImage", Checks.Images.Base), ("ContainerUser", Checks.Images.User),
            ("ContainerRepository", image.Image), ("ContainerImageTag", Property("Version")),
        })
        {
            if (Property(name) != expected)
            {
                yield return $"{project}: {name} is '{Property(name)}', not '{expected}'";
            }
        }

        var ports = Items(root, "ContainerPort").Select(item => item.GetProperty("Identity").GetString()!).Order();
        var wanted = image.Ports.Select(port => $"{port}").Order();
        if (!ports.SequenceEqual(wanted))
        {
            yield return $"{project}: the ports are {string.Join(", ", ports)}, not {string.Join(", ", wanted)}";
        }

        var title = Items(root, "ContainerLabel").Where(item =>
            item.GetProperty("Identity").GetString() == "org.opencontainers.image.title").ToList();
        if (title.Count != 1 || title[0].GetProperty("Value").GetString() != Path.GetFileNameWithoutExtension(project))
        {
            yield return $"{project}: the image has no label with its title";
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement root, string name) =>
        root.GetProperty("Items").GetProperty(name).EnumerateArray();
}
