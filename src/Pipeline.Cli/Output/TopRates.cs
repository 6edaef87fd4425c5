using System.Text.Json;

namespace Pipeline.Cli.Output;

/// <summary>How fast ends of streams and cursors of instances moved between the last two looks.</summary>
internal sealed class TopRates
{
    private Dictionary<string, long> _before = [];
    private Dictionary<string, long> _now = [];
    private long? _at;
    private double _seconds;

    public void Look(JsonElement streams, JsonElement pipelines, long timestamp, TimeProvider time)
    {
        (_before, _now) = (_now, []);
        _seconds = _at is { } at ? time.GetElapsedTime(at, timestamp).TotalSeconds : 0;
        _at = timestamp;
        foreach (var stream in streams.EnumerateArray())
        {
            _now[$"stream {stream.GetProperty("name")}"] = stream.GetProperty("partitions").EnumerateArray()
                .Sum(static partition => partition.GetProperty("committed").GetInt64());
        }

        foreach (var pipeline in pipelines.EnumerateArray())
        {
            foreach (var stage in pipeline.GetProperty("instances").EnumerateArray()
                .GroupBy(static one => one.GetProperty("stage").GetString()))
            {
                _now[$"stage {pipeline.GetProperty("name")}/{stage.Key}"] =
                    stage.Sum(static one => one.GetProperty("cursor").GetInt64());
            }
        }
    }

    /// <summary>Events a second; null where that is not known yet.</summary>
    public double? OfStream(string name) => Of($"stream {name}");

    /// <summary>The same of a stage, as "pipeline/stage".</summary>
    public double? OfStage(string name) => Of($"stage {name}");

    private double? Of(string name) =>
        _seconds > 0 && _now.TryGetValue(name, out var now) && _before.TryGetValue(name, out var before)
            ? Math.Max(0, now - before) / _seconds
            : null;
}
