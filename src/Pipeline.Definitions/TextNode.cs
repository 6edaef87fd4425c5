using YamlDotNet.Core;

namespace Pipeline.Definitions;

/// <summary>A value in a definition's text, and where it stands.</summary>
internal abstract record TextNode(Mark Start, Mark End)
{
    public TextPosition Position => DefinitionErrors.At(Start);

    /// <summary>What it is, for people.</summary>
    public abstract string Kind { get; }
}

/// <summary>A text; YAML's null is one too.</summary>
internal sealed record TextScalar(Mark Start, Mark End, string Value, ScalarStyle Style) : TextNode(Start, End)
{
    /// <summary>Nothing, <c>null</c> or <c>~</c> without quotes: as if the field were not there.</summary>
    public bool IsNull => Style == ScalarStyle.Plain && Value is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => Value.Length == 0 || IsNull ? "empty" : "text";
}

/// <summary>A list of values, in the order of the text.</summary>
internal sealed record TextList(Mark Start, Mark End, IReadOnlyList<TextNode> Items) : TextNode(Start, End)
{
    public override string Kind => "a list";
}

/// <summary>Fields in the order of the text; each name once.</summary>
internal sealed record TextMapping(Mark Start, Mark End, IReadOnlyList<TextField> Fields) : TextNode(Start, End)
{
    public override string Kind => "a mapping";
}

/// <summary>One field of a mapping.</summary>
internal sealed record TextField(TextScalar Key, TextNode Value);
