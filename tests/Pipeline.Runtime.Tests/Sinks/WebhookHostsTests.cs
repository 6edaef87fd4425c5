using System.Net;
using Pipeline.Processing.Instances;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

public sealed class WebhookHostsTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.128.0.1", true)]
    [InlineData("127.8.8.8", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.31.255.255", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void An_address_is_public_where_everybody_may_reach_it(string address, bool isPublic)
    {
        Assert.Equal(isPublic, WebhookHosts.IsPublic(IPAddress.Parse(address)));
        Assert.Equal(isPublic, WebhookHosts.None.Allows("name", 80, IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("*", "a", 80, true)]
    [InlineData("172.16.0.0/12", "a", 80, true)]
    [InlineData("172.17.0.0/16", "a", 80, false)]
    [InlineData("b, A", "a", 80, true)]
    [InlineData("a:81", "a", 80, false)]
    [InlineData("a:80", "a", 80, true)]
    [InlineData("", "a", 80, false)]
    public void A_private_address_is_allowed_by_its_host_or_its_network(
        string setting, string host, int port, bool isAllowed)
    {
        List<string> errors = [];
        Assert.Equal(
            isAllowed, WebhookHosts.Read(setting, errors).Allows(host, port, IPAddress.Parse("172.16.0.1")));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("172.16.0.0/99", "is no network such as 10.0.0.0/8 or fd00::/8")]
    [InlineData("a b", "is no host, with a port or without")]
    [InlineData("http://a", "is no network such as 10.0.0.0/8 or fd00::/8")]
    public void A_setting_that_cannot_be_read_is_told(string setting, string error)
    {
        List<string> errors = [];
        WebhookHosts.Read(setting, errors);
        Assert.Equal($"Pipeline:Sinks:PrivateHosts names '{setting}', which {error}.", Assert.Single(errors));
    }
}
