using Pipeline.Grains.Calls;

namespace Pipeline.Grains.Records;

/// <summary>
/// Records for fronts, which do not reach the stores; any silo has them, and the number says nothing but which silo is
/// asked. Answers are a <see cref="RecordAnswer"/> in JSON, so that versions may differ.
/// </summary>
[Alias("pipeline.records")]
internal interface IRecordsGrain : IGrainWithIntegerKey
{
    /// <summary>The value of that name and its tag.</summary>
    [Alias("read"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]> ReadAsync(string name);

    /// <summary>Replaces or ends the value where its tag still is that one.</summary>
    [Alias("write"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]> WriteAsync(string name, string? tag, byte[]? value);
}
