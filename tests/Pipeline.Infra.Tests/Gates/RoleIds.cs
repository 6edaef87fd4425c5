using System.Text.RegularExpressions;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>Every role is from the list, and everything that looks like an id is a role.</summary>
internal static partial class RoleIds
{
    public static IEnumerable<string> Check(string path, IEnumerable<string> texts) => texts.Distinct()
        .Where(text => Id().IsMatch(text) && !Checks.Roles.ContainsKey(text))
        .Select(text => $"{path}: {text} is not in infra/checks/roles.json");

    [GeneratedRegex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
