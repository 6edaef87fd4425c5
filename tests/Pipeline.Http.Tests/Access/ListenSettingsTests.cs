using Microsoft.Extensions.Configuration;
using Pipeline.Http.Access;
using Xunit;

namespace Pipeline.Http.Tests.Access;

public sealed class ListenSettingsTests
{
    private static readonly AccessOptions Guarded = new() { Keys = [new ApiKey("a", new byte[32], ["reader"])] };

    [Theory]
    [InlineData("Kestrel:Endpoints:X:Url", "http://0.0.0.0:80")]
    [InlineData("Kestrel:Endpoints:X:Url", "https://*:443")]
    [InlineData("Kestrel:Endpoints:X:Url", "http://+:80/")]
    [InlineData("Kestrel:Endpoints:X:Url", "http://[::]:80")]
    [InlineData("Kestrel:Endpoints:X:Url", "http://example.org:80")]
    [InlineData("urls", "http://127.0.0.1:80;http://192.0.2.1:80")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:80")]
    [InlineData("DOTNET_URLS", "http://*:80")]
    public void What_reaches_beyond_loopback_is_refused_without_authentication(string name, string value)
    {
        var error = Assert.Single(ListenSettings.Errors(Of(name, value), AccessOptions.None));

        Assert.StartsWith($"{name}: ", error, StringComparison.Ordinal);
        Assert.Contains("no authentication is configured", error, StringComparison.Ordinal);
        Assert.Empty(ListenSettings.Errors(Of(name, value), Guarded));
    }

    [Theory]
    [InlineData("Kestrel:Endpoints:X:Url", "http://localhost:80")]
    [InlineData("Kestrel:Endpoints:X:Url", "https://127.0.0.1:443")]
    [InlineData("Kestrel:Endpoints:X:Url", "http://[::1]:80")]
    [InlineData("Kestrel:Endpoints:X:Url", "http://unix:/run/socket")]
    [InlineData("urls", "http://127.0.0.1:80;http://localhost:81")]
    [InlineData("Pipeline:Urls", "http://127.0.0.1:80")]
    public void What_stays_on_this_machine_is_taken(string name, string value) =>
        Assert.Empty(ListenSettings.Errors(Of(name, value), AccessOptions.None));

    [Theory]
    [InlineData("http://127.0.0.1:81", null)]
    [InlineData("http://0.0.0.0:81", "no authentication")]
    [InlineData("http://127.0.0.1:80", "a port of its own")]
    [InlineData("http://127.0.0.1:0", "a port of its own")]
    [InlineData("81", "is not of the form")]
    public void Health_has_a_port_of_its_own(string value, string? wrong)
    {
        var errors = new List<string>();
        var found = ListenSettings.HealthUrls(
            Of("Pipeline:HealthUrls", value), AccessOptions.None, [new Uri("http://127.0.0.1:80")], errors);

        Assert.Equal(wrong is null ? 1 : 0, found.Count);
        Assert.True(wrong is null
            ? errors.Count == 0
            : Assert.Single(errors).Contains(wrong, StringComparison.Ordinal), string.Join("; ", errors));
    }

    private static IConfiguration Of(string name, string value) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();
}
