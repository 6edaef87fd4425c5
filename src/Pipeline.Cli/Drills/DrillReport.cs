using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Backups.Places;
using Pipeline.Cli.Output;
using Spectre.Console;

namespace Pipeline.Cli.Drills;

/// <summary>What came of a drill, for people and for programs.</summary>
internal sealed class DrillReport(
    Backup backup, DateTimeOffset time, TimeSpan took, IReadOnlyList<DrillCheck> checks)
{
    private const int MostShown = 20;

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Backup Backup => backup;

    public IReadOnlyList<DrillCheck> Checks => checks;

    /// <summary>How long it took.</summary>
    public TimeSpan Took => took;

    public bool IsOk => checks.All(static check => check.IsOk);

    /// <summary>What it says of the backup.</summary>
    public string Conclusion => IsOk
        ? "The backup can be restored."
        : "The backup cannot be restored as it should.";

    /// <summary>The same as the place keeps it.</summary>
    public BackupDrill Drill => new(time, backup.Id, IsOk, Math.Round(took.TotalSeconds, 3));

    public void Write(IAnsiConsole console)
    {
        var id = Printable.Of(backup.Id);
        console.MarkupLineInterpolated(
            $"backup {id}, cut {backup.Cut.UtcDateTime:u}, rehearsed in {took.TotalSeconds:0.0} s");
        foreach (var check in checks)
        {
            var line = $"{check.Name,-10} {Printable.Of(check.Found)}";
            console.MarkupLineInterpolated(check.IsOk
                ? (FormattableString)$"[green]right[/]  {line}"
                : $"[red]WRONG[/]  {line}");
            foreach (var finding in check.Findings.Take(MostShown))
            {
                console.MarkupLineInterpolated($"  [red]{Printable.Of(finding)}[/]");
            }

            if (check.Findings.Count > MostShown)
            {
                console.MarkupLineInterpolated($"  and {check.Findings.Count - MostShown} more");
            }
        }

        console.MarkupLineInterpolated(IsOk
            ? (FormattableString)$"[green]{Conclusion}[/]"
            : $"[red]{Conclusion}[/]");
    }

    public string ToJson()
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Options))
        {
            Write(json);
        }

        return Encoding.UTF8.GetString(body.ToArray());
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", IsOk);
        json.WriteString("backup", backup.Id);
        json.WriteString("cut", backup.Cut.UtcDateTime);
        json.WriteString("time", time.UtcDateTime);
        json.WriteNumber("seconds", Drill.Seconds);
        json.WriteNumber("events", backup.Events);
        json.WriteNumber("bytes", backup.Bytes);
        json.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteBoolean("ok", check.IsOk);
            json.WriteString("found", check.Found);
            json.WriteStartArray("findings");
            foreach (var finding in check.Findings)
            {
                json.WriteStringValue(finding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
