using System.Reflection;
using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Runtime.Planning;

namespace Pipeline.Runtime.Codes;

/// <summary>
/// The C# stages this host knows: the built-in samples, and every public <see cref="IStageCode"/> of the assemblies in
/// a folder. A definition names them by their full name or by its end ("Samples.Scoring").
/// </summary>
public sealed class StageCodes : IStageCodes
{
    private readonly List<Type> _types;

    public StageCodes(string? directory)
    {
        var assemblies = new List<Assembly> { typeof(StageCodes).Assembly };
        if (directory is not null && Directory.Exists(directory))
        {
            assemblies.AddRange(Directory.EnumerateFiles(directory, "*.dll").Order(StringComparer.Ordinal)
                .Select(file => Assembly.LoadFrom(Path.GetFullPath(file))));
        }

        _types = [.. assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IStageCode)))];
    }

    public IReadOnlyCollection<string> Names => [.. _types.Select(type => type.FullName!)];

    public Func<IOperator>? Find(
        string name,
        IReadOnlyDictionary<string, string> settings,
        string? keyPath,
        out Hash128 version,
        out string? error)
    {
        (version, error) = (default, null);
        var found = _types.Where(type => type.FullName == name
            || type.FullName!.EndsWith("." + name, StringComparison.Ordinal)).ToList();
        if (found.Count != 1)
        {
            var names = string.Join(" and ", found.Select(type => type.FullName));
            error = found.Count > 1 ? $"'{name}' is {names}." : null;
            return null;
        }

        try
        {
            Make(found[0], settings);
        }
        catch (Exception thrown) when (thrown is TargetInvocationException or MissingMethodException)
        {
            error = $"The C# stage '{name}' cannot be made: {(thrown.InnerException ?? thrown).Message}";
            return null;
        }

        var text = found[0].FullName + string.Concat(settings
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"\n{pair.Key}={pair.Value}"));
        version = Hash128.Of(Encoding.UTF8.GetBytes(text));
        return () => new CodeOperator(Make(found[0], settings), keyPath);
    }

    private static IStageCode Make(Type type, IReadOnlyDictionary<string, string> settings)
    {
        var withSettings = type.GetConstructor([typeof(IReadOnlyDictionary<string, string>)]);
        return (IStageCode)(withSettings is null
            ? Activator.CreateInstance(type)!
            : withSettings.Invoke([settings]));
    }
}
