namespace Pipeline.Definitions.Experiments;

/// <summary>An experiment, or its mistakes.</summary>
public sealed record ExperimentOutcome(Experiment? Experiment, IReadOnlyList<DefinitionError> Errors);

/// <summary>A system, a load on it, faults, and what must hold all the same.</summary>
public sealed record Experiment
{
    public required ExperimentSystem System { get; init; }

    public required ExperimentLoad Load { get; init; }

    /// <summary>In the order in which they begin.</summary>
    public required IReadOnlyList<ExperimentFault> Faults { get; init; }

    public required SteadyState Steady { get; init; }

    /// <summary>It is ended when nothing was acknowledged for so long.</summary>
    public required TimeSpan StopWhenSilent { get; init; }
}

/// <summary>What is started.</summary>
/// <param name="Silos">0: the standalone host.</param>
/// <param name="Fronts">Processes that take requests, beside silos.</param>
/// <param name="Stores">Directories, 1, 3 or 5.</param>
/// <param name="Database">PostgreSQL's connection string for the silos' membership; null: the standalone host.</param>
public sealed record ExperimentSystem(int Silos, int Fronts, int Stores, string? Database);

/// <summary>Events to send, all the time.</summary>
/// <param name="Rate">Events a second, due by the clock.</param>
/// <param name="Time">How long.</param>
/// <param name="Keys">Different keys.</param>
/// <param name="Writers">Each has keys of its own, and one request on its way.</param>
/// <param name="Batch">Events in a request, while nothing is late.</param>
public sealed record ExperimentLoad(int Rate, TimeSpan Time, int Keys, int Writers, int Batch);

/// <summary>What an experiment does to its system.</summary>
public enum FaultKind
{
    /// <summary>A process is killed, without any chance to end well, and started again at once.</summary>
    Kill,

    /// <summary>A process is asked to end, and started again.</summary>
    Stop,

    /// <summary>A process gets no time to run for a while.</summary>
    Freeze,

    /// <summary>All processes are asked to end, and started again.</summary>
    RestartAll,

    /// <summary>A store is gone for a while, then there again as it was.</summary>
    LoseStore,

    /// <summary>A store is gone for a while; an empty one takes its place.</summary>
    ReplaceStore,

    /// <summary>Bytes of a store's files are changed.</summary>
    CorruptStore,
}

/// <summary>One fault.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Target">A process (host, silo-1, front-1) or a store (a, b …); empty: all.</param>
/// <param name="At">Since the load began.</param>
/// <param name="For">How long it lasts, where it lasts.</param>
public sealed record ExperimentFault(FaultKind Kind, string Target, TimeSpan At, TimeSpan For);

/// <summary>What must hold: the hypothesis that an experiment tries.</summary>
/// <param name="Loss">Acknowledged events that may be missing.</param>
/// <param name="Duplicates">Events that may be there more than once.</param>
/// <param name="Order">Whether events of a key must come in the order in which they were sent.</param>
/// <param name="P99">Of requests, from when each was due to its acknowledgement; null: any.</param>
/// <param name="Availability">Percent of requests that must be acknowledged within a second of being due.</param>
public sealed record SteadyState(int Loss, int Duplicates, bool Order, TimeSpan? P99, int Availability);
