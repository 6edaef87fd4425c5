using System.Globalization;
using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Registers;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Faults;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Stores;
using Pipeline.Simulation.Tracing;

namespace Pipeline.Simulation.Tests.Registers;

/// <summary>Three formatted disks, and processes with registers over them.</summary>
public sealed class RegisterWorld
{
    public static readonly BlobName Name = new("registers/logs/1/0");
    private int _nodes;

    public RegisterWorld(int seed)
    {
        Queue = new EventQueue(seed, new Trace());
        for (var i = 0; i < 3; i++)
        {
            AddDisk(i, seed);
        }
    }

    public EventQueue Queue { get; }

    public List<SimulatedDisk> Disks { get; } = [];

    public List<StoreWeather> Weather { get; } = [];

    public List<StoreId> Ids { get; } = [];

    public void AddDisk(int number, int seed)
    {
        var disk = new SimulatedDisk($"disk{number}");
        Ids.Add(new StoreId((UInt128)(100 + number)));
        disk.Identify(Ids[^1]);
        disk.MarkFormatted(Ids[^1]);
        Disks.Add(disk);
        Weather.Add(new StoreWeather(Queue, seed + number));
    }

    public RegisterProcess NewProcess(RegisterOptions? options = null)
    {
        var node = new SimulatedNode(_nodes, Queue, 1000 + _nodes++);
        return new RegisterProcess(this, node, options);
    }

    public RegisterState? StateOn(int disk)
    {
        if (!Disks[disk].Blobs.TryGetValue(Name.Value, out var blob))
        {
            return null;
        }

        var reading = RegisterStateCodec.Decode(blob.Bytes.ToArray(), out var state);
        return reading == RegisterReading.Whole ? state : null;
    }

    public SimulatedStore Reach(SimulatedNode node, int disk) =>
        new(Ids[disk], new SimulatedLink(node, Disks[disk], Weather[disk]));

    /// <summary>Runs the world until it is done; fails where it never will be.</summary>
    public T Await<T>(Task<T> task)
    {
        if (!Queue.RunUntil(() => task.IsCompleted))
        {
            throw new InvalidOperationException("Nothing more happens and the answer is not there.");
        }

        return task.GetAwaiter().GetResult();
    }

    public static ReadOnlyMemory<byte> Bytes(long number) =>
        Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    public static long Number(ReadOnlyMemory<byte> bytes) =>
        long.Parse(Encoding.UTF8.GetString(bytes.Span), CultureInfo.InvariantCulture);
}
