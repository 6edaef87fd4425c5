using Pipeline.Http.Access;
using Pipeline.Monitoring.Alerts;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Standalone.Options;

/// <summary>Everything the host can be told, checked.</summary>
public sealed record StandaloneOptions
{
    public IReadOnlyList<Uri> Urls { get; init; } = [new("http://127.0.0.1:8080")];

    /// <summary>Addresses that answer health alone.</summary>
    public IReadOnlyList<Uri> HealthUrls { get; init; } = [];

    /// <summary>Who may use the HTTP interface.</summary>
    public AccessOptions Access { get; init; } = AccessOptions.None;

    /// <summary>Which alerts there are, and who is told of them.</summary>
    public AlertOptions Alerts { get; init; } = AlertOptions.Default;

    /// <summary>Where directory stores and the relative paths of file sinks lie.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Number of directory stores under <see cref="Data"/>, where no store is named.</summary>
    public int Stores { get; init; } = 3;

    /// <summary>Definitions to apply at start.</summary>
    public string Pipelines { get; init; } = "./pipelines";

    /// <summary>Whether the folder of definitions was asked for, so that it must be there.</summary>
    public bool ArePipelinesAskedFor { get; init; }

    /// <summary>Assemblies (*.dll) with C# stages; need not be there.</summary>
    public string Code { get; init; } = "./code";

    /// <summary>What the configuration says about definitions and sinks.</summary>
    public PipelineSettings Settings { get; init; } = new() { DataDirectory = Path.GetFullPath("./data") };

    /// <summary>How much memory a stage instance's state may take.</summary>
    public long StateBytes { get; init; } = StateLimit.Default;

    /// <summary>Named stores; empty: directory stores.</summary>
    public IReadOnlyList<NamedStore> NamedStores { get; init; } = [];
}

/// <summary>A store with a name: a directory, or a container of Azure Blob storage.</summary>
public sealed record NamedStore(string Name, string Address);
