using System.Globalization;
using System.Text;
using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Webhooks;

/// <summary>Names the deliveries of one sink over one partition: the same event always by the same key.</summary>
/// <param name="Catalog">The catalog's id, which no other deployment has.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Sink">The sink's name.</param>
/// <param name="Input">The name of the stream it reads.</param>
/// <param name="Stream">The number of that stream, which is never given again.</param>
/// <param name="Partition">The partition it reads.</param>
/// <param name="Format">What is sent: one key, one body.</param>
internal sealed record WebhookIdentity(
    string Catalog, string Pipeline, string Sink, string Input, long Stream, int Partition, WebhookFormat Format)
{
    private readonly string _prefix = Hash128.Of(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Catalog}\n{Pipeline}\n{Sink}\n{Stream}\n{Format}"))).ToString()[..16];

    /// <summary>
    /// Where the log was restored, in order: from there on its events are others than those that had their places.
    /// </summary>
    public IReadOnlyList<(long End, string History)> Restored { get; init; } = [];

    public string KeyOf(SinkRow row)
    {
        var history = "";
        foreach (var (end, name) in Restored)
        {
            history = row.Offset >= end ? $"-{name}" : history;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{Partition}-{row.Offset}{history}");
    }
}
