using System.Text;
using Xunit;

namespace Pipeline.Definitions.Tests;

public sealed class DefinitionTextTests
{
    [Fact]
    public void Bytes_that_are_not_UTF_8_are_named_with_their_place()
    {
        byte[] bytes = [.. "name: lat\nstreams:\n  é: { key: caf"u8, 0xE9, .. " }\n"u8];
        Assert.False(DefinitionText.TryDecode(bytes, out _, out var error));
        Assert.Equal("3:16: The byte E9 is not UTF-8, which a definition must be.", error.ToString());
        Assert.False(DefinitionText.TryDecode(Encoding.Unicode.GetPreamble(), out _, out error));
        Assert.Equal((1, 1), (error.Line, error.Column));
        Assert.False(DefinitionText.TryDecode([.. "a"u8, 0xC3], out _, out error));
        Assert.Equal((1, 2), (error.Line, error.Column));
    }

    [Fact]
    public void A_byte_order_mark_is_left_out()
    {
        Assert.True(DefinitionText.TryDecode([.. Encoding.UTF8.Preamble, .. "name: a"u8], out var text, out _));
        Assert.Equal("name: a", text);
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_not_read_whole()
    {
        var path = Path.GetTempFileName();
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(1L << 32);
        }

        Assert.False(DefinitionText.TryReadFile(path, out _, out var error));
        Assert.Equal("1:1: The file is larger than 4194304 bytes.", error.ToString());
        File.Delete(path);
    }
}
