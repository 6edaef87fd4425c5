using Pipeline.Http.Bodies;
using Pipeline.Ingestion;

namespace Pipeline.Http.Engine;

/// <summary>The bounds on what clients may have under way at a time.</summary>
internal sealed class IngestBudgets(PipelineHttpOptions options)
{
    /// <summary>Bytes held in memory for requests with events.</summary>
    public IngestAdmission Memory { get; } = new(options.MaxBytesInMemory);

    /// <summary>Bytes of received bodies that are not acknowledged yet.</summary>
    public IngestAdmission Work { get; } = new(options.MaxBytesInWork);

    private readonly ReceivingShares _receiving = new(options.MaxBytesInMemory / 2);

    /// <summary>Apart from the others, so that definitions and watermarks are read however many events come.</summary>
    private readonly IngestAdmission _control = new(options.MaxControlBytesInMemory);

    private readonly ReceivingShares _receivingControl = new(options.MaxControlBytesInMemory / 2);

    /// <summary>What a body of this size takes from <see cref="Work"/>.</summary>
    public long WorkOf(int bodyBytes) => Math.Min(bodyBytes, Work.MaxBytes / 4);

    /// <summary>For the events of <paramref name="caller"/>.</summary>
    public RequestBody NewEventBody(object caller) => new(Memory, _receiving, caller);

    /// <summary>For a definition or a watermark.</summary>
    public RequestBody NewControlBody(object caller) => new(_control, _receivingControl, caller);
}
