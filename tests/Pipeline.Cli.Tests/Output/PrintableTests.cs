using Pipeline.Cli.Output;
using Xunit;

namespace Pipeline.Cli.Tests.Output;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("é 日本 🙂 [red]", "é 日本 🙂 [red]")]
    [InlineData("a\u001b[31mb\u0007", @"a\u001b[31mb\u0007")]
    [InlineData("a\n\tb\r", @"a\n\tb\r")]
    [InlineData("\u009b2J\u007f", @"\u009b2J\u007f")]
    [InlineData("\u202eabc\u2066\u2028", @"\u202eabc\u2066\u2028")]
    public void What_would_control_a_terminal_is_shown(string text, string shown)
    {
        Assert.Equal(shown, Printable.Of(text));
        Assert.Equal(shown.Replace(@"\n", "\n", StringComparison.Ordinal), Printable.Lines(text));
    }
}
