using System.Text;
using Pipeline.Cli.Sending;
using Xunit;

namespace Pipeline.Cli.Tests.Sending;

public sealed class BatchSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-lines-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Lines_are_sent_as_they_are_and_in_their_order()
    {
        var batches = Batches(2, "{\"a\":1}\r\n\n{\"a\":\"caf\u00e9\"}\n{\"a\":3}", "{\"a\":4}\n");

        Assert.Equal(
            ["{\"a\":1}\r\n\n{\"a\":\"caf\u00e9\"}\n", "{\"a\":3}", "{\"a\":4}\n"],
            batches.Select(batch => Encoding.UTF8.GetString(batch.Body)));
        Assert.Equal([2, 1, 1], batches.Select(batch => batch.Events));
        Assert.Equal([0L, 1, 2], batches.Select(batch => batch.Number));
        Assert.EndsWith("from line 4 on", batches[1].Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_blank_lines_and_long_lines_do_no_harm()
    {
        var longLine = $"\"{new string('x', 300_000)}\"";

        var batches = Batches(1, $"\uFEFF{longLine}\n", "", "\n \n\t\r\n", "7");

        Assert.Equal([longLine + "\n", "7"], batches.Select(batch => Encoding.UTF8.GetString(batch.Body)));
    }

    [Fact]
    public void A_request_has_a_bound_in_bytes_too()
    {
        var line = $"\"{new string('x', 1 << 20)}\"\n";

        var batches = Batches(1000, string.Concat(Enumerable.Repeat(line, 10)));

        Assert.Equal(10, batches.Sum(batch => batch.Events));
        Assert.All(batches, batch => Assert.InRange(batch.Body.Length, 1, 6 << 20));
    }

    [Fact]
    public void What_is_not_UTF8_is_refused_with_its_place()
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, "latin"));
        File.WriteAllBytes(file.FullName, [.. "1\n2\n\"caf"u8, 0xE9, .. "\"\n"u8]);

        var error = Assert.Throws<InputException>(() => LineFile.Check(file));
        Assert.Contains("line 3: this is not UTF-8", error.Message, StringComparison.Ordinal);
    }

    private List<Batch> Batches(int most, params string[] files)
    {
        var written = files.Select((text, number) =>
        {
            var file = new FileInfo(Path.Combine(_folder.FullName, $"{number}"));
            File.WriteAllText(file.FullName, text);
            return file;
        });
        var options = new SendOptions
        {
            Url = new Uri("http://127.0.0.1:1"),
            Stream = "s",
            Files = [.. written],
            Batch = most,
        };
        return [.. BatchSource.Of(options, TimeProvider.System)];
    }
}
