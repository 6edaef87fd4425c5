namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>The machine's clock, but the date is moved by hand.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    public void Advance(TimeSpan span) => Interlocked.Add(ref _shift, span.Ticks);
}
