using System.Globalization;
using Pipeline.Http.Access;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Standalone.Options;

/// <summary>
/// Reads the options: command line before environment (Pipeline__Data …) before appsettings.json. Finds all mistakes,
/// not only the first.
/// </summary>
public sealed class OptionsReader(AccessOptions access)
{
    public const string Section = "Pipeline";

    private static readonly int[] AllowedStores = [1, 3, 5];

    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public StandaloneOptions Read(IReadOnlyList<string> arguments, IConfiguration configuration)
    {
        var given = ReadArguments(arguments);
        var section = configuration.GetSection(Section);
        string? Value(string name) => given.Values.GetValueOrDefault(name) ?? section[name];
        var standard = new StandaloneOptions();
        List<NamedStore> named = given.Stores.Count > 0
            ? given.Stores
            : [.. section.GetSection("Store").GetChildren().Select(s => new NamedStore(s.Key, s.Value ?? ""))];
        var urls = ReadUrls(Value("urls")) ?? standard.Urls;
        _errors.AddRange(ListenSettings.Errors(configuration, access));
        return new StandaloneOptions
        {
            Access = access,
            Urls = urls,
            HealthUrls = ListenSettings.HealthUrls(configuration, access, urls, _errors),
            Data = Value("data") ?? standard.Data,
            Stores = ReadStores(Value("stores")) ?? standard.Stores,
            Pipelines = Value("pipelines") ?? standard.Pipelines,
            ArePipelinesAskedFor = Value("pipelines") is not null,
            Code = Value("code") ?? standard.Code,
            Settings = PipelineSettingsReader.Read(
                Value("data") ?? standard.Data,
                Value("code") ?? standard.Code,
                name => configuration[name],
                Environment.GetEnvironmentVariable,
                _errors),
            NamedStores = CheckNamed(named, Value("stores")),
            StateBytes = ReadStateBytes(section[StateLimit.Name]),
        };
    }

    private long ReadStateBytes(string? text)
    {
        if (!StateLimit.TryRead(text, out var bytes, out var error))
        {
            _errors.Add(error!);
        }

        return bytes;
    }

    private (Dictionary<string, string> Values, List<NamedStore> Stores) ReadArguments(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var stores = new List<NamedStore>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (name is not ("--urls" or "--data" or "--stores" or "--pipelines" or "--code" or "--store"))
            {
                _errors.Add($"'{arguments[i]}' is not an option. {Usage.Line}");
                continue;
            }

            value ??= i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal)
                ? arguments[++i]
                : "";
            if (value.Length == 0)
            {
                _errors.Add($"{name} needs a value.");
            }
            else if (name == "--store")
            {
                AddStore(stores, value);
            }
            else if (!values.TryAdd(name[2..], value))
            {
                _errors.Add($"{name} is given twice.");
            }
        }

        return (values, stores);
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return argument.StartsWith("--", StringComparison.Ordinal) && equals > 0
            ? (argument[..equals], argument[(equals + 1)..])
            : (argument, null);
    }

    private void AddStore(List<NamedStore> stores, string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == value.Length - 1)
        {
            _errors.Add($"--store needs name=address, not '{value}'.");
            return;
        }

        stores.Add(new NamedStore(value[..equals], value[(equals + 1)..]));
    }

    private List<Uri>? ReadUrls(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var urls = new List<Uri>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ListenUrl.TryRead(part, access, out var url, out var error))
            {
                urls.Add(url);
            }
            else
            {
                _errors.Add($"--urls: {error}");
            }
        }

        if (urls.Count == 0 && _errors.Count == 0)
        {
            _errors.Add("--urls names no address.");
        }

        return urls;
    }

    private int? ReadStores(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stores)
            && AllowedStores.Contains(stores))
        {
            return stores;
        }

        _errors.Add($"--stores must be 1, 3 or 5, not '{text}'.");
        return null;
    }

    private List<NamedStore> CheckNamed(List<NamedStore> named, string? stores)
    {
        if (named.Count > 0 && !AllowedStores.Contains(named.Count))
        {
            _errors.Add($"There must be 1, 3 or 5 stores, not {named.Count}.");
        }

        if (named.Count > 0 && stores is not null)
        {
            _errors.Add("--stores counts directory stores; it cannot be given together with --store.");
        }

        foreach (var twice in named.GroupBy(s => s.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            _errors.Add($"Two stores are named '{twice.Key}'.");
        }

        return named;
    }
}
