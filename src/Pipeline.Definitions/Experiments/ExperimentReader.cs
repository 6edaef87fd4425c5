using System.Globalization;
using Pipeline.Definitions.Cases;

namespace Pipeline.Definitions.Experiments;

/// <summary>
/// Reads an experiment, YAML 1.2 or JSON as a definition is, with the same bounds on what a text may mean.
/// docs/chaos.md is the reference of all fields.
/// </summary>
public static class ExperimentReader
{
    private const string What = "An experiment";

    private static readonly TextKind Kind = new("experiment", "list of faults", CaseLimits.Nodes);

    /// <summary>Throws nothing but <see cref="OperationCanceledException"/>, whatever the text is.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="variables">What <c>${NAME}</c> may stand for in the database's connection string.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static ExperimentOutcome Read(
        string text, DefinitionVariables variables, CancellationToken cancellationToken = default)
    {
        var reading = new DefinitionReading(text, variables);
        var root = TextTree.Read(reading.Masked, reading.Errors, cancellationToken, Kind);
        var experiment = root is null ? null : Experiment(reading, root);
        return new ExperimentOutcome(reading.Errors.Any ? null : experiment, reading.Errors.Sorted);
    }

    private static Experiment? Experiment(DefinitionReading reading, TextNode root)
    {
        if (FieldMap.Read(reading, root, What, "system", "load", "faults", "steady", "stop") is not { } fields)
        {
            return null;
        }

        var system = SystemOf(reading, fields);
        var load = LoadOf(reading, fields);
        var steady = SteadyOf(reading, fields);
        var stop = Part(reading, fields, "stop", "silent")?.Duration("silent", Silence) ?? Silence;
        if (stop < TimeSpan.FromSeconds(1))
        {
            reading.Errors.Add(fields.Node("stop")!, $"{What}: 'silent' must be a duration of at least 1s.");
        }

        if (system is null || load is null || steady is null)
        {
            return null;
        }

        return new Experiment
        {
            System = system,
            Load = load,
            Faults = new FaultReader(reading, system, load).Read(fields),
            Steady = steady,
            StopWhenSilent = stop,
        };
    }

    private static TimeSpan Silence => TimeSpan.FromSeconds(60);

    private static ExperimentSystem? SystemOf(DefinitionReading reading, FieldMap fields)
    {
        const int Stores = 3;
        if (!fields.Has("system") || fields.Node("system") is TextScalar { Value: "standalone" })
        {
            return new ExperimentSystem(0, 0, Stores, null);
        }

        if (fields.Node("system") is not TextMapping)
        {
            fields.Wrong(fields.Node("system")!, "system", "'standalone', or { cluster: { silos, fronts, stores, "
                + "database } }, or { standalone: { stores } }");
            return null;
        }

        if (Part(reading, fields, "system", "standalone", "cluster") is not { } system)
        {
            return null;
        }

        if (Part(reading, system, "standalone", "stores") is { } alone)
        {
            return new ExperimentSystem(0, 0, StoresOf(alone), null);
        }

        if (Part(reading, system, "cluster", "silos", "fronts", "stores", "database") is not { } cluster)
        {
            return null;
        }

        const int Silos = 3;
        const int Fronts = 2;
        return cluster.RequiredText("database", cluster.Position) is not { } database
            ? null
            : new ExperimentSystem(
                cluster.Integer("silos", 1, ExperimentLimits.Silos)?.Value ?? Silos,
                cluster.Integer("fronts", 1, ExperimentLimits.Fronts)?.Value ?? Fronts,
                StoresOf(cluster),
                database.Value);

        int StoresOf(FieldMap of) => int.Parse(
            of.Choice("stores", "3", "1", "5"), CultureInfo.InvariantCulture);
    }

    private static ExperimentLoad? LoadOf(DefinitionReading reading, FieldMap fields)
    {
        var standard = new ExperimentLoad(1_000, TimeSpan.FromSeconds(30), 64, 8, 10);
        if (!fields.Has("load"))
        {
            return standard;
        }

        if (Part(reading, fields, "load", "rate", "time", "keys", "writers", "batch") is not { } load)
        {
            return null;
        }

        var time = load.Duration("time", standard.Time);
        if (time < TimeSpan.FromSeconds(1) || time > ExperimentLimits.Time)
        {
            load.Wrong(load.Node("time")!, "time", "a duration from 1s to 24h");
        }

        var read = new ExperimentLoad(
            load.Integer("rate", 1, ExperimentLimits.Rate)?.Value ?? standard.Rate,
            time,
            load.Integer("keys", 1, ExperimentLimits.Keys)?.Value ?? standard.Keys,
            load.Integer("writers", 1, ExperimentLimits.Writers)?.Value ?? standard.Writers,
            load.Integer("batch", 1, ExperimentLimits.Batch)?.Value ?? standard.Batch);
        if (read.Writers > read.Keys)
        {
            reading.Errors.Add(load.KeyPosition("writers"), $"{read.Writers} writers need as many keys, each its own; "
                + $"there are {read.Keys}: raise 'keys', or lower 'writers'.");
        }

        return read;
    }

    private static SteadyState? SteadyOf(DefinitionReading reading, FieldMap fields)
    {
        if (!fields.Has("steady"))
        {
            return new SteadyState(0, 0, true, null, 0);
        }

        if (Part(reading, fields, "steady", "loss", "duplicates", "order", "p99", "availability") is not { } steady)
        {
            return null;
        }

        return new SteadyState(
            steady.Integer("loss", 0, int.MaxValue)?.Value ?? 0,
            steady.Integer("duplicates", 0, int.MaxValue)?.Value ?? 0,
            steady.Choice("order", "true", "false") == "true",
            steady.Has("p99") ? steady.Duration("p99", TimeSpan.Zero) : null,
            steady.Integer("availability", 0, 100)?.Value ?? 0);
    }

    private static FieldMap? Part(DefinitionReading reading, FieldMap fields, string name, params string[] known) =>
        fields.Node(name) is { } node ? FieldMap.Read(reading, node, $"{What}: '{name}'", known) : null;
}
