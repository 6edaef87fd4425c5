using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Processing.Instances;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Checks where the sinks of a definition write, before it is put into force: compared by the directories that paths
/// lead to, since one has many paths.
/// </summary>
internal sealed class SinkDirectories(ISinkFiles files, InstanceSettings settings)
{
    /// <summary>A sink's path with what it leads to, or why that cannot be said.</summary>
    public sealed record Place(
        string Pipeline, string Sink, FileSinkDefinition Files, string? Directory, string? Error);

    public string Full(FileSinkDefinition sink) => Path.Combine(Path.GetFullPath(settings.DataDirectory), sink.Path);

    public async ValueTask<SinkFolders> FoldersAsync(CancellationToken cancellationToken)
    {
        var data = Path.GetFullPath(settings.DataDirectory);
        var allowed = new List<string>();
        foreach (var path in settings.SinkPaths)
        {
            allowed.Add(await files.ResolveAsync(Path.Combine(data, path), cancellationToken));
        }

        var stores = new List<string>();
        foreach (var path in settings.StoreDirectories.Append(Path.Combine(data, "stores")))
        {
            stores.Add(await files.ResolveAsync(Path.GetFullPath(path), cancellationToken));
        }

        return new SinkFolders(await files.ResolveAsync(data, cancellationToken), allowed, stores);
    }

    /// <summary>Where the sinks of a plan write.</summary>
    public async ValueTask<IReadOnlyList<Place>> PlacesAsync(PipelinePlan plan, CancellationToken cancellationToken)
    {
        var places = new List<Place>();
        foreach (var sink in plan.Sinks)
        {
            if (sink.Target is not FileSinkDefinition target)
            {
                continue;
            }

            try
            {
                var directory = await files.ResolveAsync(Full(target), cancellationToken);
                places.Add(new Place(plan.Name, sink.Name, target, directory, null));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                places.Add(new Place(plan.Name, sink.Name, target, null, error.Message));
            }
        }

        return places;
    }

    /// <summary>
    /// Mistakes of a definition by itself: paths that lead nowhere or where they may not, a directory named twice.
    /// </summary>
    public static IReadOnlyList<DefinitionError> Mistakes(IReadOnlyList<Place> places, SinkFolders folders)
    {
        var errors = new List<DefinitionError>();
        foreach (var place in places)
        {
            var what = $"Sink '{place.Sink}': 'path'";
            if (place.Directory is not { } directory)
            {
                errors.Add(At(place, $"{what} cannot be followed: {Shown(place.Files, place.Error!)}."));
            }
            else if (folders.Refusal(directory) is { } refusal)
            {
                errors.Add(At(place, $"{what} {refusal}."));
            }
            else if (places.First(other => other.Directory == directory) is var first && first != place)
            {
                errors.Add(
                    At(place, $"Sinks '{first.Sink}' and '{place.Sink}' write to one directory."));
            }
        }

        return errors;
    }

    /// <summary>
    /// Directories that sinks of other pipelines write to: their files would take each other's names.
    /// </summary>
    public static IReadOnlyList<DefinitionError> Conflicts(IReadOnlyList<Place> places, IReadOnlyList<Place> others) =>
    [
        .. from place in places
           from other in others
           where other.Pipeline != place.Pipeline && other.Directory is not null && other.Directory == place.Directory
           select At(place, $"Sink '{place.Sink}' writes to the directory of sink '{other.Sink}' of pipeline "
               + $"'{other.Pipeline}'."),
    ];

    /// <summary>A message of the system with the path as the definition has it.</summary>
    public static string Shown(FileTarget sink, string message) => sink.WrittenPath is { } written
        && written != sink.Path
            ? message.Replace(sink.Path.Trim('/'), written, StringComparison.Ordinal)
            : message;

    private static DefinitionError At(Place place, string message)
    {
        var (line, column) = place.Files.PathPosition;
        return new DefinitionError(line, column, message);
    }
}
