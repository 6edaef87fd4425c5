using System.Buffers;
using System.Text;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Joins;

/// <summary>A query with a JOIN of "a" and "b": events go through the sides' operators to the one that joins.</summary>
internal sealed class JoinRun
{
    private readonly IOperator[] _sides;
    private IOperator _operator;
    private long _offset;

    public JoinRun(string query, TimeSpan lateness = default)
    {
        Query = Compile(query, lateness);
        _sides = [.. Query.JoinSides.Select(static side => side.CreateOperator())];
        _operator = Query.CreateOperator();
    }

    public CompiledQuery Query { get; }

    /// <summary>What the join puts out.</summary>
    public Collected Output { get; } = new();

    /// <summary>What comes of the sides, in the order of their stream.</summary>
    public Collected Rows { get; } = new();

    public long StateBytes => _operator.StateBytes;

    public static CompiledQuery Compile(string query, TimeSpan lateness = default)
    {
        var compiled = QueryCompiler.Compile(query, Options(lateness));
        Assert.Empty(compiled.Errors);
        return compiled.Query!;
    }

    public static IEnumerable<string> Errors(string query) => QueryCompiler.Compile(query, Options(default)).Errors
        .Select(static error => $"{error.Line}:{error.Column}: {error.Message}");

    public void Limit(long bytes) => _operator.Limit(bytes);

    public JoinRun A(string json, double second) => Event(0, json, second);

    public JoinRun B(string json, double second) => Event(1, json, second);

    public JoinRun Event(int side, string json, double second)
    {
        var before = Rows.Values.Count;
        _sides[side].Process(Record("k", json, Run.Second(second)), Rows);
        for (var i = before; i < Rows.Values.Count; i++)
        {
            _operator.Process(Record(Rows.Keys[i], Rows.Values[i], Rows.Times[i]), Output);
        }

        return this;
    }

    public JoinRun Watermark(double second)
    {
        _operator.Advance(Run.Second(second), Output);
        return this;
    }

    public byte[] Save()
    {
        var state = new ArrayBufferWriter<byte>();
        _operator.Save(state);
        return state.WrittenSpan.ToArray();
    }

    public JoinRun Restart()
    {
        var state = Save();
        _operator = Query.CreateOperator();
        _operator.Load(state);
        Assert.Equal(state, Save());
        return this;
    }

    private static QueryOptions Options(TimeSpan lateness) => new()
    {
        Lateness = lateness,
        Sources = new Dictionary<string, IReadOnlyList<string>?>
        {
            ["a"] = null,
            ["b"] = null,
            ["known"] = ["id", "x"],
        },
    };

    private StageRecord Record(string key, string json, long time) => new()
    {
        Offset = _offset++,
        Time = time,
        AcceptedTime = time,
        Key = Encoding.UTF8.GetBytes(key),
        Value = Encoding.UTF8.GetBytes(json),
    };
}
