using System.Buffers;
using System.Text;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Tests.Running;

/// <summary>One operator of a query, fed with events by hand.</summary>
public sealed class Run
{
    private long _offset;

    public Run(string query, TimeSpan lateness = default, string? key = null, bool isStrict = false)
    {
        Query = Compile(query, lateness, key, isStrict);
        Operator = Query.CreateOperator();
    }

    public CompiledQuery Query { get; }

    public IOperator Operator { get; private set; }

    public Collected Output { get; } = new();

    public static QueryOptions Options(TimeSpan lateness = default, string? key = null, bool isStrict = false) => new()
    {
        Key = key,
        IsStrict = isStrict,
        Lateness = lateness,
        Sources = new Dictionary<string, IReadOnlyList<string>?>
        {
            ["input"] = null,
            ["known"] = ["deviceId", "temperature", "ts"],
            ["pipe.stage-1"] = null,
        },
    };

    public static CompiledQuery Compile(
        string query, TimeSpan lateness = default, string? key = null, bool isStrict = false)
    {
        var compiled = QueryCompiler.Compile(query, Options(lateness, key, isStrict));
        Assert.Empty(compiled.Errors);
        return compiled.Query!;
    }

    public static long Ticks(string time)
    {
        Assert.True(Iso8601.TryParse(Encoding.UTF8.GetBytes(time), out var ticks), time);
        return ticks;
    }

    /// <summary>Seconds after 2026-01-01T00:00:00Z.</summary>
    public static long Second(double seconds) =>
        Ticks("2026-01-01T00:00:00Z") + (long)(seconds * TimeSpan.TicksPerSecond);

    public Run Event(string json, double second = 0, string key = "k")
    {
        var record = new StageRecord
        {
            Offset = _offset++,
            Time = Second(second),
            AcceptedTime = Second(second),
            Key = Encoding.UTF8.GetBytes(key),
            Value = Encoding.UTF8.GetBytes(json),
        };
        Operator.Process(record, Output);
        return this;
    }

    public Run Watermark(double second)
    {
        Operator.Advance(Second(second), Output);
        return this;
    }

    public byte[] Save()
    {
        var state = new ArrayBufferWriter<byte>();
        Operator.Save(state);
        return state.WrittenSpan.ToArray();
    }

    /// <summary>Goes on in a new operator with the saved state.</summary>
    public Run Restart()
    {
        var state = Save();
        Operator = Query.CreateOperator();
        Operator.Load(state);
        return this;
    }
}
