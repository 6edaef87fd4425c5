using System.IO.Compression;
using System.Text.RegularExpressions;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>What a process shows of itself: console, health, metrics, API document.</summary>
public abstract class ProcessContract(HttpService service)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_console_needs_nothing_from_elsewhere_and_no_script_stands_in_it()
    {
        var page = await service.GetAsync("");
        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.DoesNotMatch("<style|<script[^>]*>[^<]|\\son\\w+=|style=|//", page.Body);
        var policy = string.Join("", page.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        var named = Regex.Matches(page.Body, "(?:src|href)=\"/(console/[^\"]+)\"");
        var files = new Queue<string>(named.Select(static name => name.Groups[1].Value).Distinct());
        var seen = new HashSet<string>(files);
        Assert.NotEmpty(files);
        while (files.TryDequeue(out var file))
        {
            var reply = await service.GetAsync(file);
            Assert.True(reply.Status == 200, $"{file}: {reply.Status}");
            Assert.Equal("no-cache", reply.Headers.CacheControl?.ToString());
            var again = new HttpRequestMessage(HttpMethod.Get, file);
            again.Headers.IfNoneMatch.Add(reply.Headers.ETag!);
            Assert.Equal(304, (await service.SendAsync(again)).Status);
            foreach (Match import in Regex.Matches(reply.Body, "from \"\\./([^\"]+)\""))
            {
                if (seen.Add($"console/{import.Groups[1].Value}"))
                {
                    files.Enqueue($"console/{import.Groups[1].Value}");
                }
            }
        }

        Assert.Equal(404, (await service.GetAsync("console/nothing.js")).Status);
    }

    [Fact]
    public async Task The_last_hour_is_a_value_each_five_seconds()
    {
        await service.PostAsync("plain", "1");
        var reply = await Eventually.GetAsync(
            () => service.GetAsync("v1/history"),
            static reply => reply.Status == 200 && (int)reply.Json["count"]! > 0 && reply.Json["series"]!.AsArray()
                .Any(static one => (string?)one!["name"] == "stores"),
            Limit,
            "a sample of an engine that runs");

        var (first, count) = ((DateTime)reply.Json["first"]!, (int)reply.Json["count"]!);
        Assert.Equal(5, (int)reply.Json["everySeconds"]!);
        Assert.Equal(0, first.Ticks % TimeSpan.FromSeconds(5).Ticks);
        var series = reply.Json["series"]!.AsArray();
        Assert.All(series, one => Assert.Equal(count, one!["values"]!.AsArray().Count));
        Assert.Contains(series, static one => (string?)one!["name"] == "stores" && (string?)one["of"] == "service");
        var after = await service.GetAsync($"v1/history?after={DateTime.UtcNow.AddMinutes(1):O}");
        Assert.Equal(0, (int)after.Json["count"]!);
        Assert.Equal("malformed", (await service.GetAsync("v1/history?after=yesterday")).Problem);
    }

    [Fact]
    public async Task Health_shows_the_stores()
    {
        var reply = await service.GetAsync("health");

        Assert.True(reply.Status == 200, reply.Body);
        Assert.Equal(3, reply.Json["stores"]!.AsArray().Count);
        Assert.Equal(200, (await service.GetAsync("alive")).Status);
    }

    [Fact]
    public async Task A_pipeline_that_is_put_takes_no_host_out_of_service()
    {
        using var ended = new CancellationTokenSource();
        var looking = Task.WhenAll(service.Addresses.Select(LookAsync));
        var reply = await service.PutAsync("widening", "name: widening\nstreams: { widened: { partitions: 24 } }\n");
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await ended.CancelAsync();
        var looks = await looking;
        Assert.True(reply.IsApplied, reply.Body);
        Assert.Equal(200, (await service.SendAsync(
            new HttpRequestMessage(HttpMethod.Delete, "v1/pipelines/widening"))).Status);

        Assert.All(looks, count => Assert.InRange(count, 10, int.MaxValue));

        async Task<int> LookAsync(Uri address)
        {
            using var http = new HttpClient();
            for (var looks = 0; ; looks++)
            {
                using var answer = await http.GetAsync(new Uri(address, "health"), CancellationToken.None);
                var body = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                Assert.True(answer.IsSuccessStatusCode, $"look {looks} at {address}: {body}");
                if (ended.IsCancellationRequested)
                {
                    return looks;
                }

                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    [Theory]
    [InlineData("health")]
    [InlineData("health/ready")]
    [InlineData("health/startup")]
    [InlineData("health/live")]
    [InlineData("alive")]
    public async Task Health_says_what_was_checked_and_since_when_it_is_so(string path)
    {
        // What was just opened writes to a majority of the stores first, and says so.
        var reply = await Eventually.GetAsync(
            () => service.GetAsync(path),
            static reply => reply.Status == 200 && (string?)reply.Json["status"] == "ok",
            Limit,
            path);

        Assert.Equal("application/json", reply.MediaType);
        var checks = reply.Json["checks"]!.AsArray();
        Assert.NotEmpty(checks);
        Assert.All(checks, check =>
        {
            Assert.NotEmpty((string)check!["name"]!);
            Assert.Equal("ok", (string?)check["status"]);
            Assert.True(check.AsObject().ContainsKey("reason"));
            Assert.True(DateTime.TryParse((string?)check["since"], out _), check.ToJsonString());
        });
    }

    [Fact]
    public async Task Metrics_are_lines_that_Prometheus_reads()
    {
        foreach (var _ in service.Addresses)
        {
            await service.PostAsync("plain", "1");
        }

        var reply = await service.GetAsync("metrics");

        Assert.Equal((200, "text/plain"), (reply.Status, reply.MediaType));
        Assert.Contains("pipeline_ingest_events_total ", reply.Body, StringComparison.Ordinal);
        Assert.Contains(
            "pipeline_partition_committed{stream=\"plain\",partition=\"0\"} ", reply.Body, StringComparison.Ordinal);
        Assert.Contains("pipeline_ingest_memory_bytes ", reply.Body, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(reply.Body, "pipeline_store_voting\\{store=\"\\w+\"\\} 1\n"));
        Assert.Contains(
            "pipeline_ingest_refusals_total{problem=\"outcome-unknown\"} 0\n", reply.Body, StringComparison.Ordinal);
        Assert.Contains("\npipeline_build_info{version=\"", reply.Body, StringComparison.Ordinal);
        Assert.All(
            ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds",
                "process_open_fds", "dotnet_gc_pause_time_seconds_total", "dotnet_thread_pool_queue_length"],
            name => Assert.Contains($"\n{name} ", reply.Body, StringComparison.Ordinal));
        Assert.All(
            reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches("^(# (HELP|TYPE) |[a-z_]+(\\{.*\\})? [-0-9.E+]+$)", line));
    }

    [Fact]
    public async Task Metrics_are_OpenMetrics_and_compressed_where_that_is_asked_for()
    {
        using var client = new HttpClient { BaseAddress = service.Addresses[0] };
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Add("Accept", "application/openmetrics-text; version=1.0.0");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var answer = await client.SendAsync(request);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Equal("application/openmetrics-text", answer.Content.Headers.ContentType!.MediaType);
        await using var body = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(body);
        var text = await reader.ReadToEndAsync();
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        Assert.Contains("\n# TYPE pipeline_ingest_events counter\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_document_describes_every_operation_and_parameter()
    {
        var document = (await service.GetAsync("openapi/v1.json")).Json;

        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(o => (Path: path.Key, Operation: o.Value!))).ToList();
        Assert.Equal(37, operations.Count);
        Assert.All(operations, o =>
        {
            Assert.NotEmpty((string)o.Operation["summary"]!);
            Assert.NotEmpty((string)o.Operation["description"]!);
            Assert.NotNull(o.Operation["responses"]!["200"]);
            foreach (var parameter in o.Operation["parameters"]?.AsArray() ?? [])
            {
                Assert.NotEmpty((string)parameter!["description"]!);
            }

            foreach (var name in o.Path.Split('{').Skip(1).Select(s => s.Split('}')[0]))
            {
                Assert.Contains(o.Operation["parameters"]!.AsArray(), p => (string?)p!["name"] == name);
            }
        });
    }
}
