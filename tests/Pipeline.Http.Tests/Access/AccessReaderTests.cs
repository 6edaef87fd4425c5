using Microsoft.Extensions.Configuration;
using Pipeline.Http.Access;
using Xunit;

namespace Pipeline.Http.Tests.Access;

public sealed class AccessReaderTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Nothing_configured_lets_everybody_in()
    {
        var (options, errors) = Read();
        Assert.Empty(errors);
        Assert.False(options.IsConfigured);
    }

    [Fact]
    public void Keys_and_an_issuer_are_read()
    {
        var (options, errors) = Read(
            $"Keys:sensors:Hash={Hash}", "Keys:sensors:Roles=producer:readings, reader",
            "Authority=https://login.example/t/v2.0", "Audience=api://p", "RolesClaim=groups");
        Assert.Empty(errors);
        Assert.True(options.IsConfigured);
        var key = Assert.Single(options.Keys);
        Assert.Equal("sensors", key.Name);
        Assert.Equal(Hash, Convert.ToHexStringLower(key.Hash.Span));
        Assert.Equal(["producer:readings", "reader"], key.Roles);
        Assert.Equal(
            ("https://login.example/t/v2.0", "api://p", "groups"),
            (options.Authority!.ToString(), options.Audience, options.RolesClaim));
    }

    [Theory]
    [InlineData("Keys:a:Hash is missing or wrong", "Keys:a:Hash must be 64 hex", "Keys:a:Roles=reader")]
    [InlineData("a key instead of its hash", "pipeline key makes", "Keys:a:Hash=my-secret-key", "Keys:a:Roles=reader")]
    [InlineData("the hash of nothing", "is the hash of nothing", "Keys:a:Hash=" + Empty, "Keys:a:Roles=reader")]
    [InlineData("no roles", "Keys:a:Roles is missing: one or more of", "Keys:a:Hash=" + Hash)]
    [InlineData("unknown role", "'writer' is no role", "Keys:a:Hash=" + Hash, "Keys:a:Roles=writer")]
    [InlineData("no stream", "names no stream", "Keys:a:Hash=" + Hash, "Keys:a:Roles=reader:")]
    [InlineData("operator of a stream", "cannot be limited", "Keys:a:Hash=" + Hash, "Keys:a:Roles=operator:x")]
    [InlineData("misspelt", "Keys:a:Role is not a setting", "Keys:a:Hash=" + Hash, "Keys:a:Role=reader")]
    [InlineData("misspelt", "Pipeline:Auth:Key is not a setting; there are Keys,", "Key:a:Hash=" + Hash)]
    [InlineData("empty authority", "Authority must be the https URL", "Authority=", "Audience=x")]
    [InlineData("plain http", "Authority must be the https URL", "Authority=http://login.example/", "Audience=x")]
    [InlineData("no audience", "Audience is missing", "Authority=https://login.example/")]
    [InlineData("no authority", "Authority is missing", "Audience=x")]
    [InlineData("empty claim", "RolesClaim is empty", "Authority=https://l.example/", "Audience=x", "RolesClaim=")]
    public void A_mistake_is_named_with_what_to_do(string mistake, string expected, params string[] settings)
    {
        var (_, errors) = Read(settings);
        Assert.True(
            errors.Any(e => e.Contains(expected, StringComparison.Ordinal)), $"{mistake}: {string.Join('|', errors)}");
        Assert.DoesNotContain(errors, e => e.Contains("my-secret-key", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_keys_with_one_hash_are_refused()
    {
        var (_, errors) = Read(
            $"Keys:a:Hash={Hash}", "Keys:a:Roles=reader",
            $"Keys:b:Hash={Hash.ToUpperInvariant()}", "Keys:b:Roles=producer");
        Assert.Contains("a and b have the same hash", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true, true)]
    [InlineData("http://[::1]:8080", true, true)]
    [InlineData("http://localhost:8080", true, true)]
    [InlineData("http://0.0.0.0:8080", false, true)]
    [InlineData("http://192.0.2.7:8080", false, true)]
    [InlineData("http://pipeline.example:8080", false, true)]
    [InlineData("https://127.0.0.1:8080", false, false)]
    [InlineData("8080", false, false)]
    public void Beyond_loopback_a_host_listens_only_with_authentication(string url, bool without, bool with)
    {
        var (access, _) = Read($"Keys:a:Hash={Hash}", "Keys:a:Roles=reader");
        Assert.Equal(without, ListenUrl.TryRead(url, AccessOptions.None, out _, out var error));
        Assert.Equal(with, ListenUrl.TryRead(url, access, out _, out _));
        var expected = without ? "" : with ? "Pipeline:Auth" : "not of the form";
        Assert.Contains(expected, error ?? "", StringComparison.Ordinal);
    }

    private static (AccessOptions Options, IReadOnlyList<string> Errors) Read(params string[] settings)
    {
        var values = settings.Select(static setting => setting.Split('=', 2))
            .ToDictionary(static parts => "Pipeline:Auth:" + parts[0], static parts => (string?)parts[1]);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var reader = new AccessReader();
        return (reader.Read(configuration), reader.Errors);
    }
}
