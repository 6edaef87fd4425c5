using System.Text.Json;

namespace Pipeline.Cli.Output;

/// <summary>A page of dead letters, each with its number: its offset in the pipeline's stream of them.</summary>
internal sealed record DeadLetterPage(List<DeadLetter> Letters, long Next)
{
    /// <summary>The stream holds nothing else, so the numbers end before <c>next</c> without a gap.</summary>
    public static DeadLetterPage Read(JsonElement page)
    {
        var letters = page.GetProperty("deadLetters").EnumerateArray().ToList();
        var next = page.GetProperty("next").GetInt64();
        return new DeadLetterPage(
            [.. letters.Select((letter, index) => new DeadLetter(next - letters.Count + index, letter))], next);
    }
}

/// <summary>A dead letter.</summary>
internal sealed record DeadLetter(long Number, JsonElement Json)
{
    /// <summary>A member as a line for people.</summary>
    public string Text(string name) =>
        Json.TryGetProperty(name, out var value) ? Printable.Of(value.ToString()) : "";
}
