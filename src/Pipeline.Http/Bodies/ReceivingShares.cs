namespace Pipeline.Http.Bodies;

/// <summary>
/// Bounds the bytes of large bodies that have not come to their end: a body that comes slowly, or stops, holds its
/// bytes for long. All together may hold the bound, and one caller three quarters of it; what is beyond that stays for
/// requests that come whole.
/// </summary>
internal sealed class ReceivingShares(long maxBytes)
{
    /// <summary>Bodies up to this size are not counted.</summary>
    public const int Small = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<object, long> _callers = [];
    private long _inUse;

    public bool TryTake(object caller, long bytes)
    {
        lock (_gate)
        {
            var ofCaller = _callers.GetValueOrDefault(caller) + bytes;
            if (_inUse + bytes > maxBytes || ofCaller > maxBytes / 4 * 3)
            {
                return false;
            }

            _inUse += bytes;
            _callers[caller] = ofCaller;
            return true;
        }
    }

    public void Give(object caller, long bytes)
    {
        lock (_gate)
        {
            _inUse -= bytes;
            var left = _callers.GetValueOrDefault(caller) - bytes;
            if (left > 0)
            {
                _callers[caller] = left;
            }
            else
            {
                _callers.Remove(caller);
            }
        }
    }
}
