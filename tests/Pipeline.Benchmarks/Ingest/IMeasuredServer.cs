namespace Pipeline.Benchmarks.Ingest;

/// <summary>What is measured: one process, or several behind one port.</summary>
public interface IMeasuredServer
{
    string Name { get; }

    /// <summary>Takes HTTP on loopback.</summary>
    int Port { get; }

    /// <summary>Processor time used so far, of all its processes.</summary>
    double ProcessorSeconds { get; }

    /// <summary>Resident memory now, of all its processes.</summary>
    double MemoryMiB { get; }

    /// <summary>Bytes allocated on managed heaps so far; 0 where nobody counts them.</summary>
    long AllocatedBytes => 0;
}
