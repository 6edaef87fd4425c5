using System.Globalization;
using System.Text;
using System.Xml;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Testing;

/// <summary>The results as JUnit's XML: a suite a file. One that could not be read is a case with an error.</summary>
internal static class JUnitFile
{
    public static void Write(string path, IReadOnlyList<FileResult> results)
    {
        using var file = File.Create(path);
        using var xml = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding() });
        xml.WriteStartElement("testsuites");
        Totals(xml, results);
        foreach (var result in results)
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Safe(result.File));
            Totals(xml, [result]);
            foreach (var one in result.Cases)
            {
                Write(xml, result.File, one);
            }

            if (result.Errors.Count > 0)
            {
                xml.WriteStartElement("testcase");
                Named(xml, "(unreadable)", result.File, TimeSpan.Zero);
                Text(xml, "error", result.Errors[0], result.Errors);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, string file, CaseResult one)
    {
        xml.WriteStartElement("testcase");
        Named(xml, one.Name, file, one.Took);
        if (!one.IsPassed)
        {
            var message = string.Join("; ", one.Failures.Select(static failure => failure.What));
            Text(xml, "failure", message, one.Failures.SelectMany(failure => CaseText.Lines(file, failure)));
        }

        xml.WriteEndElement();
    }

    private static void Totals(XmlWriter xml, IReadOnlyList<FileResult> results)
    {
        var cases = results.SelectMany(static result => result.Cases).ToList();
        var errors = results.Count(static result => result.Errors.Count > 0);
        Number(xml, "tests", cases.Count + errors);
        Number(xml, "failures", cases.Count(static one => !one.IsPassed));
        Number(xml, "errors", errors);
        Number(xml, "skipped", 0);
        Time(xml, cases.Aggregate(TimeSpan.Zero, static (sum, one) => sum + one.Took));
    }

    private static void Named(XmlWriter xml, string name, string file, TimeSpan took)
    {
        xml.WriteAttributeString("name", Safe(name));
        xml.WriteAttributeString("classname", Safe(file));
        Time(xml, took);
    }

    private static void Text(XmlWriter xml, string element, string message, IEnumerable<string> lines)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", Safe(message));
        xml.WriteString(string.Join('\n', lines.Select(Safe)));
        xml.WriteEndElement();
    }

    private static void Number(XmlWriter xml, string name, int value) =>
        xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));

    private static void Time(XmlWriter xml, TimeSpan took) =>
        xml.WriteAttributeString("time", took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));

    /// <summary>Without what XML cannot say: controls, half surrogates, two characters that are none.</summary>
    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in Printable.Of(text).EnumerateRunes())
        {
            safe.Append(rune.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar : rune);
        }

        return safe.ToString();
    }
}
