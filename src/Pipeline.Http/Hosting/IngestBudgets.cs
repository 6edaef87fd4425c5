using Pipeline.Runtime.Ingestion;

namespace Pipeline.Http.Hosting;

/// <summary>The two bounds on what clients may have under way at a time.</summary>
/// <param name="Memory">Bytes held in memory for requests.</param>
/// <param name="Work">Bytes of received bodies that are not acknowledged yet.</param>
internal sealed record IngestBudgets(IngestAdmission Memory, IngestAdmission Work)
{
    /// <summary>What a body of this size takes from <see cref="Work"/>.</summary>
    public long WorkOf(int bodyBytes) => Math.Min(bodyBytes, Work.MaxBytes / 4);
}
