using System.Security.Cryptography;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;

namespace Pipeline.Replication.Partitions.Frames;

/// <summary>
/// The SHA-256 of the open segment, brought up to date in pieces of some size on a loop of its own, so that it is at
/// hand when the segment is closed and costs no append anything.
/// </summary>
/// <param name="loop">The partition's.</param>
/// <param name="background">Where it is computed; null: on the partition's.</param>
/// <param name="onFault">Told, on the partition's loop, that it cannot be computed.</param>
internal sealed class FrameHash(ILoop loop, ILoop? background, Action<Exception> onFault)
{
    private const long PieceBytes = 1 << 20;
    private List<FrameBuffer> _waiting = [];
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _waitingBytes;

    public void Begin()
    {
        Flush(null);
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    public void Add(FrameBuffer frame)
    {
        _waiting.Add(frame.Use());
        _waitingBytes += frame.Bytes.Length;
        if (_waitingBytes >= PieceBytes)
        {
            Flush(null);
        }
    }

    /// <summary>Calls back, on the partition's loop, with the hash of all that was added.</summary>
    public void Finish(Action<Hash256> onHash) => Flush(onHash);

    private void Flush(Action<Hash256>? onHash)
    {
        if (_waiting.Count == 0 && onHash is null)
        {
            return;
        }

        var piece = new Piece(this, _hash, _waiting, onHash);
        _waiting = [];
        _waitingBytes = 0;
        (background ?? loop).Post(static p => ((Piece)p!).Run(), piece);
    }

    private sealed class Piece(FrameHash owner, IncrementalHash hash, List<FrameBuffer> frames, Action<Hash256>? onHash)
    {
        private Hash256 _result;
        private Exception? _fault;

        public void Run()
        {
            try
            {
                foreach (var frame in frames)
                {
                    hash.AppendData(frame.Bytes.Span);
                }

                if (onHash is not null)
                {
                    _result = Hash256.Read(hash.GetCurrentHash());
                }
            }
            catch (Exception fault)
            {
                _fault = fault;
            }

            owner.Loop.Post(static p => ((Piece)p!).Finish(), this);
        }

        private void Finish()
        {
            foreach (var frame in frames)
            {
                frame.Release();
            }

            if (_fault is not null)
            {
                owner.OnFault(_fault);
                return;
            }

            onHash?.Invoke(_result);
        }
    }

    private ILoop Loop => loop;

    private Action<Exception> OnFault => onFault;
}
