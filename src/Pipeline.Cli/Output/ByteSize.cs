using System.Globalization;

namespace Pipeline.Cli.Output;

/// <summary>Bytes for people in at most five letters, as 812B, 1.5M or 300G; K is 1,024.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["B", "K", "M", "G", "T", "P", "E"];

    public static string Of(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1000 && unit < Units.Length - 1)
        {
            (size, unit) = (size / 1024, unit + 1);
        }

        return size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + Units[unit];
    }
}
