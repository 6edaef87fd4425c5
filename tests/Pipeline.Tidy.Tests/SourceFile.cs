using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pipeline.Tidy.Tests;

/// <summary>One file of the tree: its path from the root, with forward slashes, and its text.</summary>
public sealed class SourceFile(string path, string text)
{
    private readonly Lazy<SyntaxNode> _syntax = new(() => CSharpSyntaxTree.ParseText(text).GetRoot());

    public string Path { get; } = path;

    public string Text { get; } = text;

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>The lines, without the empty one after the last line end.</summary>
    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    /// <summary>The parsed file; only for C#.</summary>
    public SyntaxNode Syntax => _syntax.Value;
}
