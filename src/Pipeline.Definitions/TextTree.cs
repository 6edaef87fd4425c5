using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Definitions;

/// <summary>
/// Reads YAML 1.2 or JSON into nodes, within bounds: the parser's events are taken one by one, so depth and number are
/// checked before anything grows with them, and nothing recurses. What would make a text mean more than it says
/// (anchors, aliases, tags, names that are not text) is refused.
/// </summary>
internal sealed class TextTree
{
    private readonly DefinitionErrors _errors;
    private readonly Stack<Open> _open = new();
    private TextNode? _root;
    private int _documents;
    private int _nodes;

    private TextTree(DefinitionErrors errors) => _errors = errors;

    /// <summary>Null where the text is wrong: then there is one error more.</summary>
    public static TextNode? Read(string text, DefinitionErrors errors, CancellationToken cancellationToken)
    {
        var scanner = new Scanner(new StringReader(text));
        var tree = new TextTree(errors);
        try
        {
            var parser = new Parser(scanner);
            while (parser.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!tree.TryTake(parser.Current!))
                {
                    return null;
                }
            }

            return tree.Whole();
        }
        catch (YamlException wrong)
        {
            errors.Add(wrong.Start, $"Not valid YAML: {Reason(wrong)}");
        }
        catch (Exception wrong) when (wrong is not (OperationCanceledException or OutOfMemoryException))
        {
            // The scanner's own checks: a brace that is not closed, a number that is no character.
            var reason = wrong is InvalidOperationException ? "unexpected end" : wrong.Message;
            errors.Add(scanner.CurrentPosition, "Not valid YAML: it breaks off here, or something before it is not "
                + $"closed or not a character ({reason}).");
        }

        return null;
    }

    private static string Reason(YamlException wrong) => (wrong.InnerException ?? wrong).Message.TrimEnd('.') + ".";

    private TextNode? Whole()
    {
        if (_root is null)
        {
            _errors.Add(TextPosition.Start, "The definition is empty.");
        }

        return _root;
    }

    private bool TryTake(ParsingEvent next)
    {
        switch (next)
        {
            case DocumentStart when ++_documents > 1:
                return Refuse(TextPosition.Start, "A file holds one pipeline: there is more than one YAML document.");
            case AnchorAlias:
                return Refuse(next.Start, "Aliases (*name) are not read in definitions: write the value out.");
            case NodeEvent { Anchor.IsEmpty: false }:
                return Refuse(next.Start, "Anchors (&name) are not read in definitions: write each value out.");
            case NodeEvent { Tag.IsEmpty: false }:
                return Refuse(next.Start, "Tags (!name) are not read in definitions.");
            case NodeEvent when ++_nodes > DefinitionLimits.Nodes:
                return Refuse(next.Start, $"A definition has at most {DefinitionLimits.Nodes} values.");
            case Scalar scalar:
                return TryAdd(new TextScalar(scalar.Start, scalar.End, scalar.Value, scalar.Style));
            case MappingStart or SequenceStart:
                return TryOpen(next);
            case MappingEnd or SequenceEnd:
                return TryAdd(_open.Pop().Close(next.End));
            default:
                return true;
        }
    }

    private bool TryOpen(ParsingEvent start)
    {
        if (_open.TryPeek(out var outer) && outer.IsAtKey)
        {
            return Refuse(start.Start, "Not valid YAML: a field's name must be text.");
        }

        if (_open.Count == DefinitionLimits.Depth)
        {
            return Refuse(start.Start, $"The definition is nested deeper than {DefinitionLimits.Depth}.");
        }

        _open.Push(new Open(start.Start, start is MappingStart));
        return true;
    }

    private bool TryAdd(TextNode node)
    {
        if (!_open.TryPeek(out var outer))
        {
            _root = node;
            return true;
        }

        if (outer.TryAdd(node))
        {
            return true;
        }

        return Refuse(node.Start, $"Not valid YAML: the field '{((TextScalar)node).Value}' stands here twice.");
    }

    private bool Refuse(in Mark at, string message) => Refuse(DefinitionErrors.At(at), message);

    private bool Refuse(TextPosition at, string message)
    {
        _errors.Add(at, message);
        return false;
    }

    /// <summary>A mapping or list that is being read.</summary>
    private sealed class Open(Mark start, bool isMapping)
    {
        private readonly List<TextField> _fields = [];
        private readonly List<TextNode> _items = [];
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private TextScalar? _key;

        public bool IsAtKey => isMapping && _key is null;

        /// <summary>False for a name that is there already.</summary>
        public bool TryAdd(TextNode node)
        {
            if (!isMapping)
            {
                _items.Add(node);
                return true;
            }

            if (_key is { } key)
            {
                _fields.Add(new TextField(key, node));
                _key = null;
                return true;
            }

            _key = (TextScalar)node;
            return _names.Add(_key.Value);
        }

        public TextNode Close(Mark end) =>
            isMapping ? new TextMapping(start, end, _fields) : new TextList(start, end, _items);
    }
}
