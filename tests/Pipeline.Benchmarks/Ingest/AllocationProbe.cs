using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>
/// How many bytes a process has allocated on its managed heap: the process writes the count into a file, ten times a
/// second, and the benchmark reads it there.
/// </summary>
public sealed class AllocationProbe : IDisposable
{
    private const string Variable = "PIPELINE_BENCHMARK_ALLOCATIONS";

    private readonly string _path = Path.GetTempFileName();

    public AllocationProbe() => File.WriteAllBytes(_path, new byte[sizeof(long)]);

    /// <summary>What the process is started with.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        [Variable] = _path,
        ["DOTNET_STARTUP_HOOKS"] = typeof(AllocationProbe).Assembly.Location,
    };

    /// <summary>At most a tenth of a second old.</summary>
    public long Bytes => BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(_path));

    /// <summary>In the measured process: begins to write, if it was asked to.</summary>
    public static void Write()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            new Thread(() => WriteForEver(path)) { IsBackground = true, Name = "allocations" }.Start();
        }
    }

    public void Dispose() => File.Delete(_path);

    private static void WriteForEver(string path)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, sizeof(long));
        using var view = file.CreateViewAccessor();
        while (true)
        {
            view.Write(0, GC.GetTotalAllocatedBytes());
            Thread.Sleep(100);
        }
    }
}
