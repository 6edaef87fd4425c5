using System.Buffers;
using System.Text;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>
/// CROSS APPLY and OUTER APPLY: a row for each element. What all rows of an event have is written once; all of them
/// together are bounded before the first.
/// </summary>
internal sealed class ApplyOperator(ApplyPlan plan) : IOperator
{
    private const int RowBytes = 64;

    private readonly FieldSlot[] _slots = new FieldSlot[plan.Fields.SlotCount];
    private readonly Evaluation _state = new() { IsStrict = plan.IsStrict };
    private readonly JsonBuffer _json = new();

    private string Call => (plan.IsOuter ? "OUTER" : "CROSS") + " APPLY "
        + (plan.IsArray ? "GetArrayElements" : "GetRecordProperties");

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _state.Reset();
        plan.Fields.Read(record.Value, _slots);
        var row = new Row { State = _state, Json = record.Value, Slots = _slots, Time = record.Time };
        var list = plan.Argument.Evaluate(row);
        var count = _state.Error is null ? Count(list) : 0;
        if (_state.Error is null && (count > 0 || plan.IsOuter))
        {
            WriteKept(record.Value);
        }

        if (_state.Error is null && (count * (_json.Length + (long)RowBytes)) + list.Bytes.Length
            > Evaluation.MostWorkingBytes)
        {
            _state.Fail($"{Call}: the {count} rows of one event take more than {Evaluation.MostWorkingBytes} bytes");
        }

        if (_state.Error is not null)
        {
            output.Reject(record, _state.Error);
        }
        else if (count > 0)
        {
            Elements(list.Bytes, record, output);
        }
        else if (plan.IsOuter)
        {
            Put(_json.Length, "null"u8, "null"u8, record, output);
        }
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
    }

    public void Save(IBufferWriter<byte> to)
    {
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        if (!from.IsEmpty)
        {
            throw new InvalidDataException("CROSS APPLY has no state.");
        }
    }

    private int Count(in Value list)
    {
        if (list.Kind == (plan.IsArray ? ValueKind.Array : ValueKind.Record))
        {
            return plan.IsArray ? JsonElements.Count(list.Bytes) : JsonElements.CountMembers(list.Bytes);
        }

        if (list.Kind != ValueKind.Null)
        {
            var expected = plan.IsArray ? "an array" : "a record";
            _state.Fail(
                $"{Call}: {expected} was expected, {Evaluation.Quote(list)} is {KindName.Of(list.Kind)}");
        }

        return 0;
    }

    /// <summary>The beginning of every row, up to the element.</summary>
    private void WriteKept(ReadOnlySpan<byte> json)
    {
        _json.Clear();
        _json.Raw((byte)'{');
        if (plan.Kept is null)
        {
            WriteAll(json);
        }

        foreach (var kept in plan.Kept ?? [])
        {
            if (_slots[kept.Slot].Found)
            {
                _json.Raw(kept.Label);
                _json.Raw(_slots[kept.Slot].Of(json));
                _json.Raw((byte)',');
            }
        }
    }

    /// <summary>All members but one that has the element's name.</summary>
    private void WriteAll(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        cursor.SkipSpace();
        if (cursor.Peek() != (byte)'{')
        {
            _state.Fail($"{Call}: the event is not an object");
            return;
        }

        cursor.Skip(1);
        cursor.SkipSpace();
        var start = cursor.At;
        while (cursor.TryReadName(out var name, out var escaped))
        {
            cursor.SkipValue(out _);
            if (!Ascii.EqualsIgnoreCase(JsonElements.Plain(name, escaped, _state.Scratch), plan.Name))
            {
                _json.Raw(json[start..cursor.At]);
                _json.Raw((byte)',');
            }

            if (!cursor.TryNext())
            {
                return;
            }

            start = cursor.At;
        }
    }

    private void Elements(ReadOnlySpan<byte> list, in StageRecord record, IOperatorOutput output)
    {
        var kept = _json.Length;
        var cursor = JsonElements.Inside(list);
        Span<byte> digits = stackalloc byte[20];
        for (var index = 0; ; index++)
        {
            var name = cursor.At;
            var nameEnd = name;
            if (!plan.IsArray)
            {
                cursor.SkipValue(out _);
                nameEnd = cursor.At;
                cursor.SkipSpace();
                cursor.Skip(1);
                cursor.SkipSpace();
            }

            var start = cursor.At;
            cursor.SkipValue(out _);
            System.Buffers.Text.Utf8Formatter.TryFormat(index, digits, out var written);
            Put(kept, plan.IsArray ? digits[..written] : list[name..nameEnd], list[start..cursor.At], record, output);
            if (!cursor.TryNext())
            {
                return;
            }
        }
    }

    private void Put(
        int kept, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, in StageRecord record, IOperatorOutput output)
    {
        _json.CutTo(kept);
        _json.WriteText(plan.Name);
        _json.Raw(plan.IsArray ? ":{\"ArrayIndex\":"u8 : ":{\"PropertyName\":"u8);
        _json.Raw(first);
        _json.Raw(plan.IsArray ? ",\"ArrayValue\":"u8 : ",\"PropertyValue\":"u8);
        _json.Raw(second);
        _json.Raw("}}"u8);
        output.Emit(record.Key, _json.Written, record.Time);
    }
}
