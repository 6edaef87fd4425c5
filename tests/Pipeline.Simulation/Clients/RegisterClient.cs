using System.Runtime.InteropServices;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Registers;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Clients;

/// <summary>Appends to a list in a register of its own, or reads it, through whatever process runs.</summary>
public sealed class RegisterClient(World world, SimulatedLoop loop, int number)
{
    private static readonly BlobName Name = new("registers/simulation");
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>It made its last operation.</summary>
    public bool IsDone { get; private set; }

    public void Start() => loop.Post(_ => Run(), null);

    private async void Run()
    {
        for (var i = 0; i < 8; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(loop.Node.Draw.Next(2000)), loop.Time);
            while (!await OperateAsync((number * 1000) + i))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 + loop.Node.Draw.Next(500)), loop.Time);
            }
        }

        IsDone = true;
    }

    /// <summary>False where nothing was asked, because no process runs or the register is not there yet.</summary>
    private async Task<bool> OperateAsync(int id)
    {
        var process = world.AnyReady(loop.Node.Draw);
        if (process is null || !await IsBornAsync(process))
        {
            return false;
        }

        var operation = new RegisterOperation
        {
            Appends = loop.Node.Draw.Next(4) == 0 ? null : id,
            From = loop.Queue.Now,
        };
        world.History.Register.Add(operation);
        var answer = await Connection.CallAsync<object>(
            loop, process, Timeout, async () => await CallAsync(process, operation.Appends));
        if (answer is RegisterOutcome { Status: RegisterStatus.Chosen or RegisterStatus.Declined } outcome)
        {
            operation.Value = Decode(outcome.Value);
            operation.To = loop.Queue.Now;
        }

        return true;
    }

    /// <summary>It is born once, by the first client, before anybody uses it: later births are not allowed.</summary>
    private async Task<bool> IsBornAsync(SimulatedProcess process)
    {
        if (world.IsRegisterBorn || number != 0)
        {
            return world.IsRegisterBorn;
        }

        var born = await Connection.CallAsync<object>(loop, process, Timeout, async () =>
            await process.Registers.BearAsync(Name, Encode([]), CancellationToken.None));
        return world.IsRegisterBorn = born is RegisterOutcome { Status: RegisterStatus.Chosen };
    }

    private static ValueTask<RegisterOutcome> CallAsync(SimulatedProcess process, int? id)
    {
        var register = process.Registers.Open(Name);
        return id is { } appended
            ? register.ProposeAsync(value => Append(value, appended), CancellationToken.None)
            : register.ReadAsync(CancellationToken.None);
    }

    private static ReadOnlyMemory<byte>? Append(ReadOnlyMemory<byte> value, int id)
    {
        var list = Decode(value);
        if (list.Contains(id))
        {
            // Not "? null : …": a null array would become an empty value, not none.
            return null;
        }

        return Encode([.. list, id]);
    }

    /// <summary>A register's value is never empty: a zero comes first.</summary>
    private static byte[] Encode(int[] list) => MemoryMarshal.AsBytes<int>([0, .. list]).ToArray();

    private static int[] Decode(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.Cast<byte, int>(value.Span)[1..].ToArray();
}
