using System.Reflection;
using System.Text;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;

namespace Pipeline.Definitions.Codes;

/// <summary>
/// The C# stages this host knows: the built-in samples, and every public <see cref="IStageCode"/> of the assemblies in
/// a folder. A definition names them by their full name or by its end ("Samples.Scoring").
/// </summary>
public sealed class StageCodes : IStageCodes
{
    /// <summary>
    /// Where the samples lay when definitions and states first named them: the name is part of a state's version.
    /// </summary>
    private const string Samples = "Pipeline.Runtime.Codes.Samples.";

    private readonly List<(string Name, Type Type)> _types = [];
    private readonly List<string> _errors = [];

    /// <summary>Loads what lies in the folder; what cannot be loaded is in <see cref="Errors"/>.</summary>
    public StageCodes(string? directory)
    {
        AddTypes(typeof(StageCodes).Assembly);
        if (directory is not null && Directory.Exists(directory))
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*.dll").Order(StringComparer.Ordinal))
            {
                Load(Path.GetFullPath(file));
            }
        }
    }

    /// <summary>Why files of the folder could not be loaded, each with its path; for people.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public IReadOnlyCollection<string> Names => [.. _types.Select(static known => known.Name)];

    public Func<IOperator>? Find(
        string name,
        IReadOnlyDictionary<string, string> settings,
        string? keyPath,
        out Hash128 version,
        out string? error)
    {
        (version, error) = (default, null);
        var found = _types.Where(known => known.Name == name
            || known.Name.EndsWith("." + name, StringComparison.Ordinal)).ToList();
        if (found.Count != 1)
        {
            var names = string.Join(" and ", found.Select(static known => known.Name));
            error = found.Count > 1 ? $"'{name}' is {names}." : null;
            return null;
        }

        try
        {
            Make(found[0].Type, settings);
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            error = $"The C# stage '{name}' cannot be made: {(thrown.InnerException ?? thrown).Message}";
            return null;
        }

        var text = found[0].Name + string.Concat(settings
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"\n{pair.Key}={pair.Value}"));
        version = Hash128.Of(Encoding.UTF8.GetBytes(text));
        return () => new CodeOperator(Make(found[0].Type, settings), keyPath);
    }

    private void Load(string file)
    {
        try
        {
            AddTypes(Assembly.LoadFrom(file));
        }
        catch (BadImageFormatException wrong)
        {
            _errors.Add($"{file} is not a .NET assembly; keep only those here: {wrong.Message}");
        }
        catch (Exception broken) when (broken is IOException or TypeLoadException or ReflectionTypeLoadException)
        {
            _errors.Add($"{file} cannot be loaded; what it needs must lie beside it: {broken.Message}");
        }
    }

    private void AddTypes(Assembly assembly) => _types.AddRange(assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IStageCode)))
        .Select(static type => (NameOf(type), type)));

    private static string NameOf(Type type) =>
        type.Assembly == typeof(StageCodes).Assembly ? Samples + type.Name : type.FullName!;

    private static IStageCode Make(Type type, IReadOnlyDictionary<string, string> settings)
    {
        var withSettings = type.GetConstructor([typeof(IReadOnlyDictionary<string, string>)]);
        return (IStageCode)(withSettings is null
            ? Activator.CreateInstance(type)!
            : withSettings.Invoke([settings]));
    }
}
