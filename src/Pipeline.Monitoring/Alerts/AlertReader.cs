using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Pipeline.Monitoring.Alerts;

/// <summary>Reads Pipeline:Alerts, and finds all mistakes. Never repeats a value that could be a secret.</summary>
/// <param name="isShared">Whether there may be several such hosts, of which one tells.</param>
public sealed class AlertReader(bool isShared)
{
    private const string Section = "Pipeline:Alerts";

    private static readonly string[] Names = ["Webhook", "Rules"];
    private static readonly string[] WebhookNames = ["Url", "Format", "Secret"];
    private static readonly string[] RuleNames = ["Above", "For", "Enabled"];

    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public AlertOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        RefuseOthers(section, Names);
        var targets = section.GetSection("Webhook").GetChildren().Select(ReadTarget).OfType<AlertTarget>().ToList();
        return new AlertOptions
        {
            IsShared = isShared,
            Targets = targets,
            Rules = section.GetSection("Rules").GetChildren().ToDictionary(
                static rule => rule.Key, ReadRule, StringComparer.Ordinal),
        };
    }

    private void RefuseOthers(IConfigurationSection section, string[] names)
    {
        foreach (var other in section.GetChildren()
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _errors.Add($"{other.Path} is not a setting; there are {string.Join(", ", names)}.");
        }
    }

    private AlertTarget? ReadTarget(IConfigurationSection section)
    {
        RefuseOthers(section, WebhookNames);
        var isUrl = Uri.TryCreate(section["Url"], UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (!isUrl)
        {
            _errors.Add($"{section.Path}:Url must be the http or https address to POST to.");
        }

        var text = section["Format"] ?? nameof(AlertFormat.Generic);
        string[] formats = [.. Enum.GetNames<AlertFormat>().Select(static format => format.ToLowerInvariant())];
        if (!formats.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            _errors.Add($"{section.Path}:Format must be {string.Join(", ", formats)}, not '{text}'.");
            return null;
        }

        if (section["Secret"] is { Length: 0 })
        {
            _errors.Add($"{section.Path}:Secret is empty: leave it out, or give one.");
        }

        return isUrl
            ? new AlertTarget(section.Key, url!, Enum.Parse<AlertFormat>(text, ignoreCase: true), section["Secret"])
            : null;
    }

    private AlertOverride ReadRule(IConfigurationSection section)
    {
        RefuseOthers(section, RuleNames);
        if (!AlertRules.All.Any(rule => rule.Name == section.Key))
        {
            var all = string.Join(", ", AlertRules.All.Select(static rule => rule.Name));
            _errors.Add($"{section.Path} is no alert of this host; there are {all}.");
        }

        return new AlertOverride(ReadAbove(section), ReadFor(section), ReadEnabled(section));
    }

    private double? ReadAbove(IConfigurationSection section)
    {
        if (section["Above"] is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var above)
            && double.IsFinite(above))
        {
            return above;
        }

        _errors.Add($"{section.Path}:Above must be a number, not '{text}'.");
        return null;
    }

    private TimeSpan? ReadFor(IConfigurationSection section)
    {
        if (section["For"] is not { } text)
        {
            return null;
        }

        if (AlertDuration.TryRead(text, out var duration))
        {
            return duration;
        }

        _errors.Add($"{section.Path}:For must be {AlertDuration.Expected}, not '{text}'.");
        return null;
    }

    private bool? ReadEnabled(IConfigurationSection section)
    {
        if (section["Enabled"] is not { } text)
        {
            return null;
        }

        if (bool.TryParse(text, out var isEnabled))
        {
            return isEnabled;
        }

        _errors.Add($"{section.Path}:Enabled must be true or false, not '{text}'.");
        return null;
    }
}
