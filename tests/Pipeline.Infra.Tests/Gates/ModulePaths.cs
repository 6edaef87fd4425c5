using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>Every module is there, gets every parameter that it needs, and none that it does not know.</summary>
internal static class ModulePaths
{
    public static IEnumerable<string> Check(BicepFile file, IReadOnlyDictionary<string, BicepFile> all)
    {
        foreach (var (path, given) in file.Modules)
        {
            var folder = Path.GetDirectoryName(file.Path)!;
            var target = Path.GetRelativePath(
                Repository.Root, Path.GetFullPath(Path.Combine(folder, path), Repository.Root)).Replace('\\', '/');
            if (!all.TryGetValue(target, out var module))
            {
                yield return $"{file.Path}: the module {path} is not there";
                continue;
            }

            var parameters = module.Parameters.ToList();
            foreach (var (name, _) in parameters.Where(p => !p.HasDefault && !given.Contains(p.Name)))
            {
                yield return $"{file.Path}: {path} needs the parameter {name}";
            }

            foreach (var name in given.Where(name => !parameters.Exists(p => p.Name == name)))
            {
                yield return $"{file.Path}: {path} has no parameter {name}";
            }
        }
    }
}
