using System.Text;

namespace Pipeline.Queries.Json;

/// <summary>The wanted paths as a tree: what to do with a value when the scan is there.</summary>
internal sealed class FieldNode
{
    /// <summary>The member's name in UTF-8.</summary>
    public byte[] Name { get; private init; } = [];

    /// <summary>The element's index in its array.</summary>
    public int Index { get; private init; }

    /// <summary>The slot that takes this value, or -1.</summary>
    public int Slot { get; private set; } = -1;

    public FieldNode[] Members { get; private set; } = [];

    public FieldNode[] Elements { get; private set; } = [];

    public void Add(IReadOnlyList<JsonStep> steps, int from, int slot)
    {
        if (from == steps.Count)
        {
            Slot = slot;
            return;
        }

        Child(steps[from]).Add(steps, from + 1, slot);
    }

    public FieldNode? Element(int index)
    {
        foreach (var element in Elements)
        {
            if (element.Index == index)
            {
                return element;
            }
        }

        return null;
    }

    /// <summary>Forgets what was found at and below this node.</summary>
    public void Clear(Span<FieldSlot> slots)
    {
        if (Slot >= 0)
        {
            slots[Slot] = default;
        }

        foreach (var member in Members)
        {
            member.Clear(slots);
        }

        foreach (var element in Elements)
        {
            element.Clear(slots);
        }
    }

    private FieldNode Child(JsonStep step)
    {
        if (step.Name is null)
        {
            var element = Array.Find(Elements, e => e.Index == step.Index);
            if (element is null)
            {
                element = new FieldNode { Index = step.Index };
                Elements = [.. Elements, element];
            }

            return element;
        }

        var name = Encoding.UTF8.GetBytes(step.Name);
        var member = Array.Find(Members, m => m.Name.AsSpan().SequenceEqual(name));
        if (member is null)
        {
            member = new FieldNode { Name = name };
            Members = [.. Members, member];
        }

        return member;
    }
}
