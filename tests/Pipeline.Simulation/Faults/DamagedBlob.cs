using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Faults;

/// <summary>Bits of a blob have turned over, or its end is gone.</summary>
public sealed class DamagedBlob(int victim) : IFault
{
    public string Strike(World world)
    {
        if (!world.MaySuffer(victim))
        {
            return "no loss or damage: another store is behind or away";
        }

        var disk = world.Disks[victim];
        if (disk.Blobs.Count == 0)
        {
            return "damage: nothing there";
        }

        var (name, blob) = disk.Blobs.ElementAt(world.Draw.Next(disk.Blobs.Count));
        if (blob.Length == 0)
        {
            return $"damage: {name} is empty";
        }

        // The end of an append blob stays: a store that loses what it acknowledged, and shows nothing of it, is
        // beyond what a quorum can survive.
        if (!blob.IsAppend && world.Draw.Next(4) == 0)
        {
            blob.Truncate(world.Draw.Next(blob.Length));
            return $"cut off the end of {disk.Name} {name}";
        }

        var at = world.Draw.Next(blob.Length);
        blob.Flip(at, (byte)(1 << world.Draw.Next(8)));
        return $"damaged {disk.Name} {name} at {at}";
    }
}
