using Pipeline.Replication.Partitions;

namespace Pipeline.Simulation.Histories;

/// <summary>What its client knows of a request.</summary>
public enum Knowledge
{
    /// <summary>No answer that says more.</summary>
    Unknown,

    /// <summary>Acknowledged: its events are durable and stand at <see cref="SentRequest.Places"/>.</summary>
    Acknowledged,

    /// <summary>Every attempt was refused, nothing was written.</summary>
    Refused,
}

/// <summary>One request of a client, over all attempts to get it answered.</summary>
public sealed class SentRequest
{
    public required IReadOnlyList<SentEvent> Events { get; init; }

    /// <summary>With a handle it may be tried again and is there once at most.</summary>
    public required bool HasHandle { get; init; }

    /// <summary>When it was sent first, virtual ticks.</summary>
    public long SentAt { get; init; }

    /// <summary>How often it was sent without being refused.</summary>
    public int Attempts { get; set; }

    public Knowledge Knowledge { get; set; } = Knowledge.Refused;

    /// <summary>Partition and offset of each event, in the order of <see cref="Events"/>.</summary>
    public IReadOnlyList<(int Partition, long Offset)> Places { get; set; } = [];

    /// <summary>Notes an outcome: refusals change nothing, the unknown stays unknown until acknowledged.</summary>
    public void Note(AppendStatus status, IReadOnlyList<(int Partition, long Offset)> places)
    {
        switch (status)
        {
            case AppendStatus.Appended or AppendStatus.Duplicate:
                Attempts++;
                Knowledge = Knowledge.Acknowledged;
                Places = places;
                break;
            case AppendStatus.OutcomeUnknown:
                Attempts++;
                Knowledge = Knowledge.Unknown;
                break;
            default:
                break;
        }
    }
}
