namespace Pipeline.Definitions;

/// <summary>
/// How much one definition may hold, so that reading and planning it takes a bounded time, whoever wrote it.
/// </summary>
public static class DefinitionLimits
{
    /// <summary>Characters of the text.</summary>
    public const int Text = 1 << 20;

    /// <summary>How deep mappings and lists may be nested; a definition needs five.</summary>
    public const int Depth = 32;

    /// <summary>Values of any kind, names included.</summary>
    public const int Nodes = 50_000;

    public const int Streams = 256;

    public const int Stages = 256;

    public const int Sinks = 64;

    /// <summary>Rows that an event may become by unions that lead to it several times.</summary>
    public const int Copies = 1_000;

    /// <summary>Settings of one C# stage.</summary>
    public const int Settings = 256;

    /// <summary>Characters of one query.</summary>
    public const int Query = 64 << 10;

    /// <summary>Columns of one query's output.</summary>
    public const int Columns = 1_000;

    /// <summary>Names in a dotted path: events are not nested deeper.</summary>
    public const int PathNames = 64;

    /// <summary>Mistakes that are told; the rest is only counted.</summary>
    public const int Errors = 100;

    /// <summary>Characters of one mistake's text.</summary>
    public const int ErrorText = 500;
}
