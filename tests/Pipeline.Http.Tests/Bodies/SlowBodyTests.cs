using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pipeline.Http.Bodies;
using Pipeline.Http.Problems;
using Pipeline.Ingestion;
using Pipeline.TestKit.Machines;
using Xunit;

namespace Pipeline.Http.Tests.Bodies;

public sealed class SlowBodyTests
{
    private const int Max = 32 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly BodyLimits Short = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1));

    private static readonly BodyLimits Patient = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_body_that_stops_is_given_up(string encoding)
    {
        var pipe = new Pipe();
        var reading = ReadAsync(pipe, encoding, Short, new IngestAdmission(Max), out _);
        await pipe.Writer.WriteAsync(Start(encoding));

        Assert.Equal("too-slow", (await reading)?.Name);
    }

    [Fact]
    public async Task A_body_that_goes_on_and_on_is_given_up()
    {
        var pipe = new Pipe();
        var limits = new BodyLimits(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(500));
        var reading = ReadAsync(pipe, "", limits, new IngestAdmission(Max), out _).AsTask();
        while (!reading.IsCompleted)
        {
            await pipe.Writer.WriteAsync("x"u8.ToArray());
            await Task.Delay(20);
        }

        Assert.Equal("too-slow", (await reading)?.Name);
    }

    [Fact]
    public async Task What_is_announced_takes_no_memory_and_what_comes_does()
    {
        var admission = new IngestAdmission(2L * Max);
        var pipe = new Pipe();
        var reading = ReadAsync(pipe, "", Patient, admission, out var body, new ReceivingShares(4L * Max));
        await pipe.Writer.WriteAsync(new byte[300]);
        await Task.Delay(50);
        Assert.InRange(admission.InUse, 0, 64 * 1024);
        for (var i = 0; i < 8; i++)
        {
            await pipe.Writer.WriteAsync(new byte[1 << 20]);
        }

        await pipe.Writer.CompleteAsync();
        Assert.Null(await reading);
        Assert.InRange(admission.InUse, 2 * 8L << 20, 6 * 8L << 20);
        body.Dispose();
        Assert.Equal(0, admission.InUse);
    }

    [Fact]
    public async Task Large_bodies_under_way_leave_room_for_those_that_come_whole()
    {
        var admission = new IngestAdmission(4L * Max);
        var shares = new ReceivingShares(2L * Max);
        var held = new List<(Pipe Pipe, RequestBody Body, Task<Problem?> Reading)>();
        for (var i = 0; i < 20; i++)
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
            var reading = ReadAsync(pipe, "", Patient, admission, out var part, shares, $"{i}").AsTask();
            await pipe.Writer.WriteAsync(new byte[Max - 1]);
            await Eventually.IsTrueAsync(
                () => Task.FromResult(reading.IsCompleted || part.Length == Max - 1), Limit, "it is read or refused");
            held.Add((pipe, part, reading));
            if (reading.IsCompleted)
            {
                Assert.Equal("too-fast", (await reading)?.Name);
                part.Dispose();
            }
        }

        Assert.Equal(2, held.Count(static one => !one.Reading.IsCompleted));
        Assert.InRange(admission.InUse, 1, 2L * Max);
        var whole = new Pipe();
        await whole.Writer.WriteAsync(new byte[1000]);
        await whole.Writer.CompleteAsync();
        Assert.Null(await ReadAsync(whole, "", Patient, admission, out var body, shares, "0"));
        body.Dispose();
        foreach (var (pipe, part, reading) in held)
        {
            await pipe.Writer.CompleteAsync();
            await reading;
            part.Dispose();
        }

        Assert.Equal(0, admission.InUse);
    }

    [Fact]
    public void One_caller_leaves_a_quarter_to_the_others()
    {
        var shares = new ReceivingShares(1000);

        Assert.True(shares.TryTake("a", 750));
        Assert.False(shares.TryTake("a", 1));
        Assert.True(shares.TryTake("b", 250));
        Assert.False(shares.TryTake("c", 1));
        shares.Give("a", 750);
        Assert.True(shares.TryTake("c", 750));
    }

    private static ValueTask<Problem?> ReadAsync(
        Pipe pipe, string encoding, BodyLimits limits, IngestAdmission admission, out RequestBody body,
        ReceivingShares? shares = null, string caller = "somebody")
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Feature(pipe.Reader));
        context.Request.Headers.ContentEncoding = encoding;
        context.Request.ContentLength = Max;
        body = new RequestBody(admission, shares ?? new ReceivingShares(Max), caller);
        return BodyReader.ReadAsync(context.Request, body, Max, limits);
    }

    private static byte[] Start(string encoding)
    {
        var to = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Fastest),
            "br" => new BrotliStream(to, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(to, CompressionLevel.Fastest),
            _ => new BufferedStream(to),
        })
        {
            stream.Write(new byte[10_000]);
        }

        var bytes = to.ToArray();
        return bytes[..(bytes.Length / 2)];
    }

    private sealed class Feature(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
