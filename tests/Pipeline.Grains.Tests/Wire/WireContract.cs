using System.Globalization;
using System.Reflection;
using Pipeline.Grains.Keeping;

namespace Pipeline.Grains.Tests.Wire;

/// <summary>What processes of one cluster say to each other, read from the code: a line a name or number.</summary>
internal static class WireContract
{
    public static string[] Lines()
    {
        var types = typeof(GrainCluster).Assembly.GetTypes();
        var messages = types.Where(static type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false));
        var grains = types.Where(static type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type));
        var enums = new SortedSet<string>(StringComparer.Ordinal);
        var lines = messages.SelectMany(type => Message(type, enums)).Concat(grains.SelectMany(Grain)).ToList();
        return [.. lines.Concat(enums).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Message(Type type, SortedSet<string> enums)
    {
        var name = type.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"(no alias) {type.FullName}";
        yield return $"message {name}";
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        foreach (var member in type.GetMembers(Own | BindingFlags.DeclaredOnly))
        {
            if (member.GetCustomAttribute<IdAttribute>() is { } id)
            {
                var held = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
                yield return $"message {name} {id.Id} {member.Name}: {NameOf(held)}";
                if (held.IsEnum)
                {
                    enums.UnionWith(Enum.GetValuesAsUnderlyingType(held).Cast<object>().Select(value =>
                        string.Create(CultureInfo.InvariantCulture, $"enum {held.Name} {value} ")
                        + Enum.GetName(held, value)));
                }
            }
        }
    }

    private static IEnumerable<string> Grain(Type type)
    {
        var name = type.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"(no alias) {type.FullName}";
        yield return $"grain {name}";
        foreach (var method in type.GetMethods())
        {
            var alias = method.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"(no alias) {method.Name}";
            var parameters = method.GetParameters().Select(static parameter => NameOf(parameter.ParameterType));
            yield return $"grain {name} {alias}({string.Join(", ", parameters)}): {NameOf(method.ReturnType)}";
        }
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
