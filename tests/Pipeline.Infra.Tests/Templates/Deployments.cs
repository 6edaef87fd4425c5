using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Infra.Tests.Templates;

/// <summary>
/// The templates as azd deploys them: main.bicep, and with what it gives out the templates of the services.
/// </summary>
internal static partial class Deployments
{
    /// <summary>The files that azd or a command names; all others are modules of these.</summary>
    public static readonly string[] Roots =
    [
        "infra/main.bicep", "infra/multi-region.bicep",
        "infra/app/migrate.bicep", "infra/app/silos.bicep", "infra/app/ingest.bicep",
    ];

    private static readonly ConcurrentDictionary<string, Lazy<(ArmTemplate, IReadOnlyList<string>)>> Built = [];

    private static readonly ConcurrentDictionary<string, Lazy<Deployment>> Predicted = [];

    /// <summary>Variables that a user sets, so that nothing optional is left out.</summary>
    private static readonly Dictionary<string, string> Given = new()
    {
        ["AZURE_ENV_NAME"] = "check",
        ["AZURE_LOCATION"] = "westeurope",
        ["ALERT_EMAIL"] = "operator@example.org",
        ["MONTHLY_BUDGET"] = "500",
        ["PIPELINE_KEYS"] = "one 00 producer;two 11 reader",
        ["PIPELINE_AUDIENCE"] = "some-application",
        ["PIPELINE_FRONT_DOOR_ID"] = "some-front-door",
        ["SERVICE_MIGRATE_IMAGE_NAME"] = "images/silo:1",
        ["SERVICE_SILO_IMAGE_NAME"] = "images/silo:1",
        ["SERVICE_INGEST_IMAGE_NAME"] = "images/ingest:1",
    };

    public static ArmTemplate Template(string path) => Build(path).Template;

    /// <summary>What the compiler and its linter say of a template and its modules.</summary>
    public static IReadOnlyList<string> Said(string path) => Build(path).Said;

    public static Deployment Whole(string profile) =>
        Predict("infra/main.bicep", new() { ["PIPELINE_PROFILE"] = profile });

    /// <summary>As many silos as can be, on the ports of a generation.</summary>
    public static Deployment Silos(string generation) => Predict(
        "infra/app/silos.bicep",
        OfService(new() { ["SILO_GENERATION"] = generation, ["PIPELINE_SILO_COUNT"] = "10" }));

    public static Deployment Service(string name) => name == "silo"
        ? Silos("0") : Predict($"infra/app/{name}.bicep", OfService([]));

    private static Dictionary<string, string> OfService(Dictionary<string, string> variables)
    {
        foreach (var (name, value) in Whole("standard").Outputs)
        {
            variables.TryAdd(name, value);
        }

        return variables;
    }

    private static (ArmTemplate Template, IReadOnlyList<string> Said) Build(string path) => Built.GetOrAdd(
        path, static path => new(() =>
        {
            var (json, said) = BicepCompiler.Build(path);
            var root = json.Length == 0 ? default : JsonDocument.Parse(json).RootElement;
            return (new ArmTemplate(path, root), said);
        })).Value;

    private static Deployment Predict(string path, Dictionary<string, string> variables)
    {
        var parameters = Parameters(path, variables).ToList();
        return Predicted.GetOrAdd(
            $"{path} {string.Join(' ', parameters)}",
            _ => new(() => new Deployment(BicepCompiler.Predict(path, parameters)))).Value;
    }

    private static IEnumerable<(string Name, string Value)> Parameters(
        string path, Dictionary<string, string> variables)
    {
        var types = Template(path).Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Type);
        var file = path.Replace(".bicep", ".parameters.json", StringComparison.Ordinal);
        var given = JsonDocument.Parse(Repository.Read(file)).RootElement.GetProperty("parameters");
        foreach (var parameter in given.EnumerateObject())
        {
            var text = Variable().Replace(parameter.Value.GetProperty("value").GetString()!, match =>
                variables.GetValueOrDefault(match.Groups["name"].Value)
                ?? Given.GetValueOrDefault(match.Groups["name"].Value, match.Groups["default"].Value));
            yield return (parameter.Name, types[parameter.Name] == "string" ? Quoted(text) : text);
        }
    }

    private static string Quoted(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("'", "\\'", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal) + "'";

    [GeneratedRegex(@"\$\{(?<name>\w+)(=(?<default>[^}]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
