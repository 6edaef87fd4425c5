using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Pipeline.Http.Access;
using Xunit;

namespace Pipeline.Http.Tests.Access;

public sealed class FrontDoorGateTests
{
    private const string Id = "6a1f7c1e-91c5-4a5e-9d3b-0c7f3e1d2b4a";

    [Fact]
    public async Task Only_what_came_through_the_front_door_is_let_in_and_probes_are()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPipelineAccess(new AccessOptions { FrontDoor = new Guid(Id) });
        await using var app = builder.Build();
        app.UsePipelineAccess();
        app.MapGet("{**path}", static () => "in");
        await app.StartAsync();
        var service = new Uri(app.Urls.First());
        Assert.Equal(403, await StatusAsync(service, "v1/streams", null));
        Assert.Equal(403, await StatusAsync(service, "v1/streams", "00000000-0000-0000-0000-000000000000"));
        Assert.Equal(403, await StatusAsync(service, "v1/streams", $"{Id},{Id}"));
        Assert.Equal(403, await StatusAsync(service, "", "x"));
        Assert.Equal(200, await StatusAsync(service, "v1/streams", Id));
        Assert.Equal(200, await StatusAsync(service, "health", null));
        Assert.Equal(200, await StatusAsync(service, "alive", null));
    }

    [Theory]
    [InlineData("fd-12")]
    [InlineData("")]
    public void An_id_that_is_none_is_named_with_what_to_do(string id)
    {
        var reader = new AccessReader();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Pipeline:FrontDoorId"] = id }).Build();
        Assert.Null(reader.Read(configuration).FrontDoor);
        Assert.Contains("Pipeline:FrontDoorId must be", Assert.Single(reader.Errors), StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(Uri service, string path, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service, path));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Azure-FDID", header);
        }

        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
