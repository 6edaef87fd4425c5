namespace Pipeline.Monitoring.Alerts;

/// <summary>How a notification went.</summary>
/// <param name="Time">When it was tried, ticks UTC.</param>
/// <param name="Target">Whom.</param>
/// <param name="IsFiring">What was said.</param>
/// <param name="Error">Why it did not arrive; null: it did.</param>
internal sealed record AlertDelivery(long Time, string Target, bool IsFiring, string? Error);
