using Pipeline.Definitions;
using Pipeline.Processing.Sinks;
using Pipeline.Processing.Webhooks;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>The key of an event is its own, also after a restore gave its place to another one.</summary>
public sealed class WebhookIdentityTests
{
    [Fact]
    public void An_event_from_before_a_restore_keeps_its_key_and_one_after_it_has_another_than_any_before()
    {
        var old = new WebhookIdentity("c", "p", "s", "readings", 1, 0, WebhookFormat.Json);
        var once = old with { Restored = [(10, "a")] };
        var twice = old with { Restored = [(10, "a"), (15, "b")] };
        var again = old with { Restored = [(10, "a"), (8, "c")] };

        Assert.Equal(Key(old, 9), Key(once, 9));
        Assert.NotEqual(Key(old, 10), Key(once, 10));
        Assert.Equal(Key(once, 14), Key(twice, 14));
        Assert.NotEqual(Key(once, 15), Key(twice, 15));
        Assert.Equal(Key(old, 7), Key(again, 7));
        Assert.Equal(3, new[] { Key(old, 10), Key(once, 10), Key(again, 10) }.Distinct().Count());
    }

    private static string Key(WebhookIdentity identity, long offset) =>
        identity.KeyOf(new SinkRow(offset, 0, []));
}
