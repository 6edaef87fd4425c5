using Pipeline.Kernel.Codecs;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>A process that changes the text: it has reserved a term, and goes through the steps.</summary>
internal sealed record Changer(int To)
{
    /// <summary>The entry as it was at the reservation.</summary>
    public int From { get; init; }

    public long FromTerm { get; init; }

    public long FromLayout { get; init; }

    /// <summary>Bits of registers that were not where their instances would go on.</summary>
    public int Elsewhere { get; init; }

    /// <summary>
    /// The first of its terms: each attempt to cut an instance has one, and the new layouts have the last.
    /// </summary>
    public long Mark { get; init; }

    /// <summary>The step it is at; beyond the last one: the switch.</summary>
    public int At { get; init; }

    /// <summary>The activation that cuts.</summary>
    public Activation? Cut { get; init; }

    /// <summary>Attempts to cut the instance that failed or are not waited for.</summary>
    public int Attempt { get; init; }

    /// <summary>A seed that is under way.</summary>
    public WorldRegister? Seed { get; init; }

    /// <summary>An attempt to cut that it does not wait for any more.</summary>
    public Activation? Stray { get; init; }

    /// <summary>It switched, or failed.</summary>
    public bool IsOver { get; init; }

    /// <summary>It does nothing more; an attempt that it left behind may.</summary>
    public Changer Over() => Stray is null
        ? new(To) { IsOver = true }
        : new(To) { IsOver = true, Stray = Stray, From = From, Elsewhere = Elsewhere };

    public UInt128 Print()
    {
        var writer = new ByteWriter();
        writer.Int32(To);
        writer.Bool(IsOver);
        writer.UInt128(Stray?.Print() ?? 0);
        writer.Int32(From);
        if (!IsOver)
        {
            writer.Int64(FromTerm);
            writer.Int64(FromLayout);
            writer.Int32(Elsewhere);
            writer.Int64(Mark);
            writer.Int32(At);
            writer.Int32(Attempt);
            writer.UInt128(Cut?.Print() ?? 0);
            writer.UInt128(Seed?.Print ?? 0);
        }

        return Fingerprints.Of(writer.Written);
    }
}
