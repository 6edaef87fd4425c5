using Pipeline.Definitions;

namespace Pipeline.Processing.Instances;

/// <summary>The setting <c>Pipeline:Stages:StateBytes</c>: how much memory a stage instance's state may take.</summary>
public static class StateLimit
{
    public const string Name = "Stages:StateBytes";

    /// <summary>1 GiB.</summary>
    public const long Default = 1L << 30;

    private const long Least = 1L << 20;

    /// <summary>A snapshot is one piece, and an array holds less than 2 GiB.</summary>
    private const long Most = 1536L << 20;

    /// <summary>Null is the default; of a wrong text <paramref name="error"/> says what was expected.</summary>
    public static bool TryRead(string? text, out long bytes, out string? error)
    {
        bytes = Default;
        error = null;
        if (text is null || (Quantity.TrySize(text, out bytes) && bytes is >= Least and <= Most))
        {
            return true;
        }

        error = $"Pipeline:{Name} must be a size from 1MiB to 1536MiB, such as 512MiB, not '{text}'.";
        return false;
    }
}
