using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Runtime.Definitions;

/// <summary>Gathers all mistakes of one definition.</summary>
internal sealed class DefinitionErrors
{
    private readonly List<DefinitionError> _errors = [];

    public bool Any => _errors.Count > 0;

    /// <summary>In the order of the text, each once.</summary>
    public IReadOnlyList<DefinitionError> Sorted =>
        [.. _errors.Distinct().OrderBy(error => error.Line).ThenBy(error => error.Column)];

    public void Add(TextPosition position, string message) =>
        _errors.Add(new DefinitionError(position.Line, position.Column, message));

    public void Add(YamlNode node, string message) => Add(At(node.Start), message);

    public static TextPosition At(in Mark mark) => new((int)mark.Line, (int)mark.Column);
}
