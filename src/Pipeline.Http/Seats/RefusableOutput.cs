using System.IO.Pipelines;

namespace Pipeline.Http.Seats;

/// <summary>
/// What goes out on a connection. Once it was refused, the refusal is the last that goes out: what the server still
/// writes is dropped.
/// </summary>
internal sealed class RefusableOutput(IDuplexPipe transport) : PipeWriter, IDuplexPipe
{
    private const int DroppedBytes = 4096;

    private readonly PipeWriter _output = transport.Output;
    private byte[]? _dropped;

    public PipeReader Input => transport.Input;

    public PipeWriter Output => this;

    public override bool CanGetUnflushedBytes => _output.CanGetUnflushedBytes;

    public override long UnflushedBytes => _output.UnflushedBytes;

    /// <summary>Writes a whole answer, between two answers of the server; nothing comes after it.</summary>
    public void Refuse(ReadOnlySpan<byte> answer)
    {
        if (_dropped is null)
        {
            answer.CopyTo(_output.GetSpan(answer.Length));
            _output.Advance(answer.Length);
            _dropped = new byte[DroppedBytes];
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _dropped is null ? _output.GetMemory(sizeHint) : Dropped(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) =>
        _dropped is null ? _output.GetSpan(sizeHint) : Dropped(sizeHint);

    public override void Advance(int bytes)
    {
        if (_dropped is null)
        {
            _output.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _output.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => _output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _output.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => _output.CompleteAsync(exception);

    private byte[] Dropped(int sizeHint) =>
        _dropped!.Length >= sizeHint ? _dropped : _dropped = new byte[sizeHint];
}
