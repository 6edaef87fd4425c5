using System.Text;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Windows;

/// <summary>Makes the results of a window that closes: HAVING and SELECT, group by group, by the keys' bytes.</summary>
internal sealed class WindowResults(WindowPlan plan)
{
    private readonly Evaluation _state = new() { IsStrict = plan.IsStrict };
    private readonly RowWriter _writer = new(plan.Projection, plan.Key, plan.MostBytes);
    private readonly JsonBuffer _refused = new();

    /// <summary>A group for which <paramref name="refusals"/> has a reason has no result.</summary>
    public void Close(WindowTable window, IOperatorOutput output, IReadOnlyDictionary<int, string>? refusals = null)
    {
        foreach (var group in window.Groups.InOrder())
        {
            _state.Reset();
            var row = new Row { State = _state, Window = window, Group = group, Time = window.End };
            if (refusals is not null && refusals.TryGetValue(group, out var refusal))
            {
                _state.Fail(refusal);
            }

            var passes = _state.Error is null && (plan.Having is null || plan.Having.Test(row) == Truth.True);
            var recordKey = window.Groups.Extra(group);
            if (_state.Error is null && passes && _writer.TryWrite(row, recordKey, out var key, out var value))
            {
                output.Emit(key, value, window.End);
            }
            else if (_state.Error is not null)
            {
                Reject(window, group, _state.Error, output);
            }
        }
    }

    /// <summary>A result that cannot be computed: what is known of it goes where rejected events go.</summary>
    private void Reject(WindowTable window, int group, string reason, IOperatorOutput output)
    {
        _state.Reset();
        _refused.Clear();
        _refused.Raw("{\"windowEnd\":"u8);
        _refused.Write(Value.OfTicks(window.End));
        if (plan.Windows[window.Shape].Id is { } id)
        {
            _refused.Raw(",\"window\":"u8);
            _refused.WriteText(Encoding.UTF8.GetBytes(id));
        }

        _refused.Raw(",\"group\":["u8);
        for (var i = 0; i < plan.GroupBy.Length; i++)
        {
            _refused.Raw(i > 0 ? ","u8 : default);
            _refused.WriteShort(GroupKey.Read(window.Groups.Key(group), i, _state));
        }

        _refused.Raw("]}"u8);
        var record = new StageRecord
        {
            Offset = -1,
            Partition = -1,
            Time = window.End,
            AcceptedTime = window.End,
            Key = window.Groups.Extra(group),
            Value = _refused.Written,
        };
        output.Reject(record, reason);
    }
}
