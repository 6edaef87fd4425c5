using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Bodies;

/// <summary>A brotli body (RFC 7932): the decoder itself says whether it came to its end.</summary>
internal static class BrotliBody
{
    public static async ValueTask<Problem?> ReadAsync(
        HttpRequest request, RequestBody body, int maxBytes, BodyPatience patience)
    {
        using var decoder = new Decoder();
        var reader = request.BodyReader;
        while (true)
        {
            var read = await patience.AwaitAsync(reader.ReadAsync(patience.Token));
            var problem = Decode(decoder, read.Buffer, body, maxBytes);
            reader.AdvanceTo(read.Buffer.End);
            if (problem is not null)
            {
                return problem;
            }

            if (read.IsCompleted)
            {
                return decoder.IsDone ? null : BodyProblems.Damaged("br");
            }
        }
    }

    private static Problem? Decode(Decoder decoder, in ReadOnlySequence<byte> bytes, RequestBody body, int maxBytes)
    {
        foreach (var segment in bytes)
        {
            if (DecodeSegment(decoder, segment.Span, body, maxBytes) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static Problem? DecodeSegment(Decoder decoder, ReadOnlySpan<byte> from, RequestBody body, int maxBytes)
    {
        while (true)
        {
            if (decoder.IsDone)
            {
                return from.IsEmpty ? null : BodyProblems.Damaged("br");
            }

            if (body.Free.Length == 0 && !body.TryReserve(BodyReader.Grown(body.Length + 1, maxBytes + 1)))
            {
                return BodyProblems.TooFast();
            }

            var status = decoder.Step(from, body.Free.Span, out var consumed, out var written);
            from = from[consumed..];
            body.Advance(written);
            if (body.Length > maxBytes)
            {
                return BodyProblems.TooLarge(maxBytes);
            }

            if (status == OperationStatus.InvalidData)
            {
                return BodyProblems.Damaged("br");
            }

            if (status == OperationStatus.NeedMoreData)
            {
                return null;
            }
        }
    }

    /// <summary>Holds the decoder, which is a struct, over the awaits.</summary>
    private sealed class Decoder : IDisposable
    {
        private BrotliDecoder _decoder;

        public bool IsDone { get; private set; }

        public OperationStatus Step(ReadOnlySpan<byte> from, Span<byte> to, out int consumed, out int written)
        {
            var status = _decoder.Decompress(from, to, out consumed, out written);
            IsDone = status == OperationStatus.Done;
            return status;
        }

        public void Dispose() => _decoder.Dispose();
    }
}
