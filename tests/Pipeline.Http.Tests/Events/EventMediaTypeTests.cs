using Microsoft.AspNetCore.Http;
using Pipeline.Http.Events;
using Pipeline.Ingestion;
using Xunit;

namespace Pipeline.Http.Tests.Events;

public class EventMediaTypeTests
{
    [Theory]
    [InlineData("application/x-ndjson", false, BodyFormat.Ndjson)]
    [InlineData("application/X-NDJSON; charset=UTF-8", false, BodyFormat.Ndjson)]
    [InlineData("application/json; charset=\"utf-8\"", false, BodyFormat.Json)]
    [InlineData("application/cloudevents+json", false, BodyFormat.CloudEvent)]
    [InlineData("application/cloudevents-batch+json; charset=utf-8", false, BodyFormat.CloudEventBatch)]
    [InlineData("application/json", true, BodyFormat.CloudEventBinary)]
    [InlineData("application/vnd.x+json", true, BodyFormat.CloudEventBinary)]
    [InlineData(null, true, BodyFormat.CloudEventBinary)]
    public void A_body_is_what_its_headers_say(string? contentType, bool isBinary, BodyFormat format)
    {
        Assert.True(EventMediaType.TryRead(Request(contentType, isBinary), out var found, out _));
        Assert.Equal(format, found);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("text/plain", false)]
    [InlineData("text/csv", true)]
    [InlineData("nonsense", false)]
    [InlineData("application/json; charset=latin1", false)]
    [InlineData("application/vnd.x+json", false)]
    public void Anything_else_is_not_understood(string? contentType, bool isBinary)
    {
        Assert.False(EventMediaType.TryRead(Request(contentType, isBinary), out _, out var error));
        Assert.NotEmpty(error);
    }

    private static HttpRequest Request(string? contentType, bool isBinary)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = contentType;
        if (isBinary)
        {
            request.Headers["ce-specversion"] = "1.0";
        }

        return request;
    }
}
