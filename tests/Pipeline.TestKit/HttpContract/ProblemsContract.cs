namespace Pipeline.TestKit.HttpContract;

/// <summary>What no endpoint takes.</summary>
public abstract class ProblemsContract(HttpService service)
{
    [Theory]
    [InlineData("GET", "nothing/here", 404, "not-found")]
    [InlineData("DELETE", "v1/streams/plain/events", 405, "method-not-allowed")]
    [InlineData("POST", "health", 405, "method-not-allowed")]
    public async Task What_the_router_refuses_is_a_problem_too(string method, string path, int status, string problem)
    {
        var reply = await service.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((status, problem), (reply.Status, reply.Problem));
    }
}
