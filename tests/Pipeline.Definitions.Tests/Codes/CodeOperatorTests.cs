using System.Buffers;
using System.Text;
using Pipeline.Definitions.Codes;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Definitions.Tests.Codes;

public sealed class CodeOperatorTests
{
    [Fact]
    public void Each_key_has_its_own_state_and_it_survives_saving()
    {
        var first = new CodeOperator(new Counter(), null);
        var output = new Collected();
        Process(first, output, "a", "1");
        Process(first, output, "b", "1");
        var saved = new ArrayBufferWriter<byte>();
        first.Save(saved);
        var second = new CodeOperator(new Counter(), null);
        second.Load(saved.WrittenSpan);
        Process(second, output, "a", "1");
        Assert.Equal(["a=1", "b=1", "a=2"], output.Items);
        var again = new ArrayBufferWriter<byte>();
        second.Save(again);
        Assert.NotEqual(saved.WrittenSpan.ToArray(), again.WrittenSpan.ToArray());
        Assert.Throws<InvalidDataException>(() => second.Load(saved.WrittenSpan[..^1]));
    }

    [Fact]
    public void Nothing_remains_of_an_event_whose_code_throws_rejects_or_writes_no_JSON()
    {
        var code = new CodeOperator(new Counter(), null);
        var output = new Collected();
        Process(code, output, "a", "1");
        Process(code, output, "a", "\"throw\"");
        Process(code, output, "a", "\"reject\"");
        Process(code, output, "a", "\"junk\"");
        Process(code, output, "a", "1");
        Assert.Equal(
            [
                "a=1",
                "rejected: InvalidOperationException: as asked",
                "rejected: as asked",
                "rejected: the stage put out 1 bytes that are not JSON",
                "a=2",
            ],
            output.Items);
    }

    [Fact]
    public void The_key_can_lie_in_the_output()
    {
        var code = new CodeOperator(new Echo(), "to.id");
        var output = new Collected();
        Process(code, output, "a", """{"to":{"id":"x"}}""");
        Process(code, output, "a", """{"to":{"id":5}}""");
        Process(code, output, "a", """{"to":7}""");
        Assert.Equal(["""x={"to":{"id":"x"}}""", """5={"to":{"id":5}}""", """={"to":7}"""], output.Items);
    }

    private static void Process(CodeOperator code, Collected output, string key, string value) => code.Process(
        new StageRecord { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) }, output);

    private sealed class Counter : IStageCode
    {
        public void Process(in StageRecord record, StageCodeContext context)
        {
            var count = (context.State.IsEmpty ? 0 : context.State.Span[0]) + 1;
            context.State = new[] { (byte)count };
            switch (Encoding.UTF8.GetString(record.Value))
            {
                case "\"throw\"":
                    throw new InvalidOperationException("as asked");
                case "\"reject\"":
                    context.Reject("as asked");
                    break;
                case "\"junk\"":
                    context.Emit("{"u8);
                    break;
                default:
                    context.Emit(Encoding.UTF8.GetBytes($"{count}"));
                    break;
            }
        }
    }

    private sealed class Echo : IStageCode
    {
        public void Process(in StageRecord record, StageCodeContext context) => context.Emit(record.Value);
    }

    private sealed class Collected : IOperatorOutput
    {
        public List<string> Items { get; } = [];

        public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time) =>
            Items.Add($"{Encoding.UTF8.GetString(key)}={Encoding.UTF8.GetString(value)}");

        public void EmitLate(in StageRecord record) => Items.Add("late");

        public void Reject(in StageRecord record, string reason) => Items.Add($"rejected: {reason}");
    }
}
