using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>How an activation begins: its layout and term, what it loads, and what its targets answered.</summary>
internal sealed class RunStart
{
    private readonly InstancePlan _plan;
    private readonly long _layout;
    private readonly long _term;
    private readonly StageCheckpoint _from;

    public RunStart(InstancePlan plan, long layout, long term, StageCheckpoint from, Origin[] held)
    {
        (_plan, _layout, _term, _from, Held) = (plan, layout, term, from, held);
        var writer = new ByteWriter();
        writer.UInt128(plan.Print);
        writer.Int64(layout);
        writer.Int64(term);
        writer.Int64(from.Cursor);
        writer.UInt128(Fingerprints.Of(from.Snapshot.Span));
        foreach (var origin in held)
        {
            writer.Int64(origin.Offset);
            writer.Int32(origin.Ordinal);
        }

        Print = Fingerprints.Of(writer.Written);
    }

    public UInt128 Print { get; }

    /// <summary>For each outlet what the target held when it was opened.</summary>
    public Origin[] Held { get; }

    /// <summary>Loads and resumes a machine, as the driver does.</summary>
    public StageMachine MakeMachine()
    {
        var machine = new StageMachine(_plan.Of(_layout, _term));
        if (_from.Snapshot.IsEmpty)
        {
            machine.Start(StageCursor.At(_from.Cursor));
        }
        else
        {
            machine.Load(_from.Snapshot.Span);
        }

        for (var outlet = 0; outlet < Held.Length; outlet++)
        {
            machine.Resume(machine.Outlets[outlet], Held[outlet]);
        }

        return machine;
    }
}
