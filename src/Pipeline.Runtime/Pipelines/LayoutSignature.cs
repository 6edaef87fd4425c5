using System.Globalization;
using System.Text;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Tells whether a pipeline's instances compute and write the same as before: equal signatures, equal layouts. For
/// pipelines whose own text did not change.
/// </summary>
internal static class LayoutSignature
{
    public static string Of(DesiredPipeline pipeline)
    {
        var text = new StringBuilder();
        foreach (var spec in pipeline.Instances)
        {
            text.Append(CultureInfo.InvariantCulture, $"{spec.Id}|{string.Join(',', spec.Upstreams ?? [])}\n");
        }

        foreach (var group in pipeline.Plan?.Groups ?? [])
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{group.Name}|{group.Input}|{group.IsIngest}|{group.TimePath}|{group.MaxAhead}\n");
            foreach (var node in group.Nodes)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{node.Node.Name}|{node.Node.Fingerprint}|{node.Node.Parent}|{node.Node.Lateness}|"
                    + $"{node.Node.StopsOnError}|{node.Node.MaxOutputBytes}|"
                    + $"{node.Output}|{node.IsKeyed}|{node.Late}\n");
            }
        }

        foreach (var sink in pipeline.Plan?.Sinks ?? [])
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{sink.Name}|{sink.Input}|{sink.Target.Kind}|{sink.Target.Signature}\n");
        }

        return text.ToString();
    }
}
