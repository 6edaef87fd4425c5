using System.Buffers;
using System.Text;
using Pipeline.Http.Events;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Http.Tests.Events;

public class EventJsonTests
{
    [Fact]
    public void An_event_is_one_line_and_its_value_is_not_touched()
    {
        var record = new RecordView
        {
            Flags = RecordFlags.Key | RecordFlags.Attributes,
            Key = "a\"é\n"u8,
            Attributes = "{\"id\":\"1\"}"u8,
            Value = "{ \"n\": 1.50e1,\r\n\"s\":\"\\n\" }"u8,
        };

        const string Head = """{"partition":3,"offset":17,"key":"a\"é\n","time":"2026-01-02T03:04:05.6000000Z",""";
        const string Rest = """ "value":{ "n": 1.50e1,  "s":"\n" },"cloudevent":{"id":"1"}}""";
        Assert.Equal(
            Head + Rest.TrimStart(),
            Write(record));
    }

    [Fact]
    public void What_an_event_lacks_is_left_out() => Assert.Equal(
        """{"partition":3,"offset":17,"time":"2026-01-02T03:04:05.6000000Z","value":1}""",
        Write(new RecordView { Value = "1"u8 }));

    [Fact]
    public void A_trace_is_named_by_its_id_where_there_is_one() => Assert.Equal(
        """{"partition":3,"offset":17,"time":"2026-01-02T03:04:05.6000000Z",""" +
        """ "trace":"00000000000000010000000000000002","value":1}""".TrimStart(),
        Write(new RecordView { Value = "1"u8 }, new TraceContext(new Hash128(1, 2), 3, 1)));

    private static string Write(in RecordView record, in TraceContext trace = default)
    {
        var to = new ArrayBufferWriter<byte>();
        var time = new DateTime(2026, 1, 2, 3, 4, 5, 600, DateTimeKind.Utc);
        new EventJson(to).Write(3, 17, time.Ticks, record, trace);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }
}
