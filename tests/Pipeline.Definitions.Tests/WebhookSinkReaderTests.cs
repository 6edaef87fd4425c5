using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class WebhookSinkReaderTests
{
    [Fact]
    public void A_webhook_has_a_URL_and_what_else_is_usual()
    {
        var sink = Sink("url: https://example.org/hook?a=b");
        Assert.Equal("https://example.org/hook?a=b", sink.Url.AbsoluteUri);
        Assert.Null(sink.WrittenUrl);
        Assert.Equal((WebhookFormat.Json, 8, (int?)null), (sink.Format, sink.Concurrency, sink.Attempts));
        Assert.Equal(TimeSpan.FromSeconds(30), sink.Timeout);
        Assert.Null(sink.Secret);
        Assert.Empty(sink.Headers);
    }

    [Fact]
    public void A_webhook_with_all_fields_shows_no_values_of_variables()
    {
        var sink = Sink(
            "url: '${URL}', format: cloudevents, secret: '${S}', headers: { Authorization: 'Bearer ${S}', X-A: b }, "
                + "timeout: 2s, concurrency: 256, attempts: 7");
        Assert.Equal(("https://secret.example/x", "${URL}"), (sink.Url.AbsoluteUri, sink.WrittenUrl));
        Assert.Equal((WebhookFormat.CloudEvents, 256, (int?)7), (sink.Format, sink.Concurrency, sink.Attempts));
        Assert.Equal(
            "Authorization: Bearer hush, X-A: b",
            string.Join(", ", sink.Headers.Select(static header => $"{header.Key}: {header.Value}")));
        Assert.Equal(("hush", TimeSpan.FromSeconds(2)), (sink.Secret, sink.Timeout));
        Assert.Equal("${URL}|CloudEvents", sink.Signature);
    }

    [Theory]
    [InlineData("", "lacks the field 'url'.")]
    [InlineData("url: example.org", "'url' must be a whole URL, as https://example.org/hook.")]
    [InlineData("url: ftp://example.org", "'url' must be a whole URL, as https://example.org/hook.")]
    [InlineData("url: 'http://a b/'", "'url' has spaces or line breaks in it.")]
    [InlineData(
        "url: http://me:pw@a/", "'url' has a login in it, which is not sent: write it as a header, Authorization.")]
    [InlineData("url: http://a/#b", "'url' has a part behind '#', which is never sent.")]
    [InlineData("url: '${S}'", "'url' (from ${S}) must be a whole URL, as https://example.org/hook.")]
    [InlineData(
        "url: http://a, secret: abc",
        "'secret' stands in the text, which everybody may see who may read the definition: put it into an environment "
            + "variable and write ${NAME}.")]
    [InlineData(
        "url: http://a, secret: '${S:-abc}'",
        "'secret' stands in the text, which everybody may see who may read the definition: put it into an environment "
            + "variable and write ${NAME}.")]
    [InlineData("url: 'http://a:0/'", "'url' must be a whole URL, as https://example.org/hook.")]
    [InlineData("url: http://a, format: xml", "'format' must be one of json, cloudevents, not 'xml'.")]
    [InlineData("url: http://a, timeout: 6m", "'timeout' must be from 100ms to 5m, not '6m'.")]
    [InlineData("url: http://a, concurrency: 0", "'concurrency' must be a whole number from 1 to 256, not '0'.")]
    [InlineData("url: http://a, attempts: 1001", "'attempts' must be a whole number from 1 to 1000, not '1001'.")]
    [InlineData("url: http://a, header: { A: b }", "has no field 'header'. Did you mean 'headers'?")]
    [InlineData("url: http://a, headers: [a]", "'headers' must be a mapping of fields, not a list.")]
    [InlineData("url: http://a, headers: { 'a b': c }", "'headers': 'a b' is no name of a header.")]
    [InlineData("url: http://a, headers: { content-type: c }", "'headers': 'content-type' is set by the sink itself.")]
    [InlineData("url: http://a, headers: { A: b, a: c }", "'headers': 'a' is there twice.")]
    [InlineData(
        "url: http://a, headers: { A: \"b\\r\\nX: c\" }",
        "'headers': 'A' has characters other than printable ASCII.")]
    [InlineData(
        "url: http://a, headers: { X-Api-Key: c }",
        "'headers': 'X-Api-Key' stands in the text, which everybody may see who may read the definition: put it into "
            + "an environment variable and write ${NAME}.")]
    public void A_mistake_is_told_with_what_to_do(string fields, string error) => Assert.Contains(
        Read(fields).Errors,
        found => found.ToString().Contains($"Sink 'w': 'webhook'", StringComparison.Ordinal)
            && found.ToString().Contains(error, StringComparison.Ordinal));

    [Fact]
    public void Headers_are_bounded() => Assert.Contains(
        Read($"url: http://a, headers: {{ {string.Join(", ", Enumerable.Range(0, 40).Select(n => $"H{n}: x"))} }}")
            .Errors,
        static found => found.ToString().Contains("has more than 32 fields", StringComparison.Ordinal));

    private static WebhookSinkDefinition Sink(string fields)
    {
        var outcome = Read(fields);
        Assert.Empty(outcome.Errors);
        return Assert.IsType<WebhookSinkDefinition>(outcome.Definition!.Sinks[0].Target);
    }

    private static DefinitionOutcome Read(string fields) => DefinitionReader.Read(
        $"name: a\nstreams: {{ x: {{ }} }}\nsinks: {{ w: {{ from: x, webhook: {{ {fields} }} }} }}",
        DefinitionVariables.Of("*", static name => name == "URL" ? "https://secret.example/x" : "hush"));
}
