using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Pipeline.Definitions;

/// <summary>
/// A definition's bytes as text: UTF-8 or nothing, since other encodings would be read as something else.
/// </summary>
public static class DefinitionText
{
    private const int MaxBytes = 4 * DefinitionLimits.Text;

    /// <summary>Reads a file; throws <see cref="IOException"/> and its kin where the system does not give it.</summary>
    public static bool TryReadFile(
        string path, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out DefinitionError? error)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MaxBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length <= MaxBytes)
        {
            return TryDecode(bytes.AsSpan(0, length), out text, out error);
        }

        (text, error) = (null, new DefinitionError(1, 1, $"The file is larger than {MaxBytes} bytes."));
        return false;
    }

    /// <summary>False where a byte is not UTF-8; a mark at the beginning is left out.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out string? text,
        [NotNullWhen(false)] out DefinitionError? error)
    {
        var read = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (Utf8.IsValid(read))
        {
            (text, error) = (Encoding.UTF8.GetString(read), null);
            return true;
        }

        var good = 0;
        while (Rune.DecodeFromUtf8(read[good..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            good += length;
        }

        var before = Encoding.UTF8.GetString(read[..good]);
        var line = before.Count(static c => c == '\n') + 1;
        (text, error) = (null, new DefinitionError(line, before.Length - before.LastIndexOf('\n'),
            $"The byte {read[good]:X2} is not UTF-8, which a definition must be."));
        return false;
    }
}
