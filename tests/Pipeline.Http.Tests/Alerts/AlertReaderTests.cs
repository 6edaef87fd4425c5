using Microsoft.Extensions.Configuration;
using Pipeline.Monitoring.Alerts;
using Xunit;

namespace Pipeline.Http.Tests.Alerts;

public class AlertReaderTests
{
    [Fact]
    public void Targets_and_thresholds_are_read()
    {
        var options = Read(
            out var errors, "Webhook:ops:Url=https://example.org/hook", "Webhook:ops:Format=slack",
            "Webhook:ops:Secret=s", "Rules:lag:Above=5", "Rules:lag:For=30s", "Rules:repair:Enabled=false");

        Assert.Empty(errors);
        var target = new AlertTarget("ops", new Uri("https://example.org/hook"), AlertFormat.Slack, "s");
        Assert.Equal(target, Assert.Single(options.Targets));
        var rules = options.Apply().ToDictionary(static rule => rule.Name);
        Assert.Equal((5, TimeSpan.FromSeconds(30)), (rules["lag"].Above, rules["lag"].For));
        Assert.False(rules["repair"].IsEnabled);
        Assert.Equal(TimeSpan.FromMinutes(1), rules["store-lost"].For);
    }

    [Theory]
    [InlineData("Webhok:a:Url=http://a", "Pipeline:Alerts:Webhok is not a setting; there are Webhook, Rules")]
    [InlineData("Webhook:a:Url=ftp://a", "Pipeline:Alerts:Webhook:a:Url must be the http or https address")]
    [InlineData("Webhook:a:Format=slack", "Pipeline:Alerts:Webhook:a:Url must be")]
    [InlineData("Webhook:a:Format=pager", "Format must be generic, slack, teams, alertmanager, not 'pager'")]
    [InlineData("Webhook:a:Format=1", "Format must be generic")]
    [InlineData("Webhook:a:Secret=", "Secret is empty")]
    [InlineData("Webhook:a:Header=x", "Header is not a setting; there are Url, Format, Secret")]
    [InlineData("Rules:restarts:Above=1", "Rules:restarts is no alert of this host; there are store-lost, ")]
    [InlineData("Rules:lag:Above=many", "Above must be a number, not 'many'")]
    [InlineData("Rules:lag:For=5", "For must be a whole number with s, m, h or d, as 30s or 1h, not '5'")]
    [InlineData("Rules:lag:Enabled=maybe", "Enabled must be true or false")]
    [InlineData("Rules:lag:Over=1", "Over is not a setting; there are Above, For, Enabled")]
    public void A_wrong_setting_is_named(string setting, string expected)
    {
        Read(out var errors, setting);
        Assert.Contains(errors, error => error.Contains(expected, StringComparison.Ordinal));
    }

    private static AlertOptions Read(out IReadOnlyList<string> errors, params string[] settings)
    {
        var reader = new AlertReader(isShared: true);
        var options = reader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting =>
            KeyValuePair.Create("Pipeline:Alerts:" + setting.Split('=')[0], (string?)setting.Split('=')[1]))).Build());
        errors = reader.Errors;
        return options;
    }
}
