using System.Text.Json;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// Encodes how the cluster is, once in a while for all fronts; a front that knows it already is told so. Lives on the
/// keeper's scheduler.
/// </summary>
/// <param name="time">Measures how old it is.</param>
internal sealed class StateFeed(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(400);

    private byte[] _state = [];
    private Guid _number;
    private long _at;

    public byte[] Ask(Guid known, Func<ClusterState> describe)
    {
        if (_state.Length == 0 || time.GetElapsedTime(_at) >= Fresh)
        {
            var state = JsonSerializer.SerializeToUtf8Bytes(describe());
            _at = time.GetTimestamp();
            if (!state.AsSpan().SequenceEqual(_state))
            {
                (_state, _number) = (state, Guid.NewGuid());
            }
        }

        return new StateNews(_number, known == _number ? null : _state).ToJson();
    }
}
