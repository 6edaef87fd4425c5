namespace Pipeline.Processing.Webhooks;

/// <summary>Within what a delivery works.</summary>
/// <param name="Time">A clock that does not jump.</param>
/// <param name="Concurrency">Requests under way at once.</param>
/// <param name="Attempts">Failing answers to one event, after which it is given up; null: never.</param>
internal sealed record WebhookLimits(TimeProvider Time, int Concurrency, int? Attempts)
{
    /// <summary>Ticks since some moment.</summary>
    public long Now => Time.GetElapsedTime(0).Ticks;
}
