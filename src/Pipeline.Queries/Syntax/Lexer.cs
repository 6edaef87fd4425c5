using System.Text;

namespace Pipeline.Queries.Syntax;

/// <summary>
/// Text to tokens. What is no token is reported and left out. Comments: <c>-- …</c> and <c>/* … */</c>.
/// </summary>
internal sealed class Lexer(string text, ErrorList errors)
{
    private static readonly string[] LongSymbols = ["<=", ">=", "<>", "!=", "!>", "!<"];

    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;
    private int _lineStart;

    public IReadOnlyList<Token> Read()
    {
        while (SkipSpace())
        {
            ReadToken();
        }

        _tokens.Add(new Token(TokenKind.End, "", Here(), _at));
        return _tokens;
    }

    private Position Here() => new(_line, _at - _lineStart + 1);

    private char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void ReadToken()
    {
        var c = Peek();
        if (char.IsLetter(c) || c is '_' or '@')
        {
            ReadWhile(TokenKind.Word, IsNamePart);
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1)) && !FollowsName()))
        {
            ReadNumber();
        }
        else if (c == '\'')
        {
            ReadQuoted(TokenKind.Text, '\'', "text");
        }
        else if (c == '"')
        {
            ReadQuoted(TokenKind.QuotedName, '"', "name");
        }
        else if (c == '[' && !IsIndex())
        {
            ReadQuoted(TokenKind.QuotedName, ']', "name");
        }
        else
        {
            ReadSymbol();
        }
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '@' or '$' or '#';

    private bool FollowsName() => _tokens.Count > 0 && _tokens[^1].End == _at
        && (_tokens[^1].IsName || _tokens[^1].IsSymbol("]"));

    /// <summary>A bracket right behind a value with digits in it is an index, any other begins a name.</summary>
    private bool IsIndex()
    {
        if (_tokens.Count == 0 || !(_tokens[^1].IsName || _tokens[^1].IsSymbol("]") || _tokens[^1].IsSymbol(")"))
            || _tokens[^1].End != _at)
        {
            return false;
        }

        var end = text.IndexOf(']', _at);
        return end > _at + 1 && text[(_at + 1)..end].Trim().All(char.IsAsciiDigit);
    }

    private void ReadWhile(TokenKind kind, Func<char, bool> belongs)
    {
        var (start, here) = (_at, Here());
        while (_at < text.Length && belongs(Peek()))
        {
            _at++;
        }

        _tokens.Add(new Token(kind, text[start.._at], here, _at));
    }

    private void ReadNumber()
    {
        var (start, here) = (_at, Here());
        SkipDigits();
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            SkipDigits();
        }

        if (Peek() is 'e' or 'E'
            && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            _at += 2;
            SkipDigits();
        }

        if (IsNamePart(Peek()))
        {
            errors.Add(here, $"'{text[start..(_at + 1)]}' is no number and no name");
            while (IsNamePart(Peek()))
            {
                _at++;
            }
        }

        _tokens.Add(new Token(TokenKind.Number, text[start.._at], here, _at));
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }
    }

    private void ReadQuoted(TokenKind kind, char close, string what)
    {
        var here = Here();
        var value = new StringBuilder();
        for (_at++; _at < text.Length; _at++)
        {
            if (Peek() == close)
            {
                _at++;
                if (Peek() != close)
                {
                    _tokens.Add(new Token(kind, value.ToString(), here, _at));
                    return;
                }
            }
            else if (Peek() == '\n')
            {
                (_line, _lineStart) = (_line + 1, _at + 1);
            }

            value.Append(Peek());
        }

        errors.Add(here, $"this {what} does not end: {close} was expected");
        _tokens.Add(new Token(kind, value.ToString(), here, _at));
    }

    private void ReadSymbol()
    {
        var here = Here();
        var symbol = Array.Find(LongSymbols, s => string.CompareOrdinal(text, _at, s, 0, 2) == 0) ?? $"{Peek()}";
        if (symbol.Length == 1 && !"+-*/%(),.=<>[];&|^~".Contains(symbol[0], StringComparison.Ordinal))
        {
            errors.Add(here, $"'{symbol}' means nothing here");
            _at++;
            return;
        }

        _at += symbol.Length;
        var meaning = symbol switch { "!=" => "<>", "!>" => "<=", "!<" => ">=", _ => symbol };
        _tokens.Add(new Token(TokenKind.Symbol, meaning, here, _at));
    }

    /// <summary>False at the end of the text.</summary>
    private bool SkipSpace()
    {
        while (_at < text.Length)
        {
            if (Peek() == '\n')
            {
                (_line, _lineStart) = (_line + 1, _at + 1);
                _at++;
            }
            else if (char.IsWhiteSpace(Peek()))
            {
                _at++;
            }
            else if (Peek() == '-' && Peek(1) == '-')
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else if (Peek() == '/' && Peek(1) == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void SkipBlockComment()
    {
        var here = Here();
        for (_at += 2; _at < text.Length; _at++)
        {
            if (Peek() == '*' && Peek(1) == '/')
            {
                _at += 2;
                return;
            }

            if (Peek() == '\n')
            {
                (_line, _lineStart) = (_line + 1, _at + 1);
            }
        }

        errors.Add(here, "this comment does not end: */ was expected");
    }
}
