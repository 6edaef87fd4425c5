using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Storage.Tests.Directories;

/// <summary>
/// A second process on a store: this test program started once more, told by its environment what to do.
/// </summary>
internal static class StoreWorker
{
    private const string Variable = "PIPELINE_STORE_WORKER";

    /// <summary>Starts one; its standard output has one line for each acknowledged operation.</summary>
    public static Process Start(string work, string root, StoreId id)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = $"{work}|{root}|{id}" },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(StoreWorker).Assembly.Location);
        }

        return Process.Start(start)!;
    }

    /// <summary>The bytes of the append that begins at a position.</summary>
    public static byte[] Block(long position) => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{position:0000000000};").PadRight(997, '.') + "\n");

#pragma warning disable CA2255 // The one place before the test runner's own entry point.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|') is not [var work, var root, var text]
            || !StoreId.TryParse(text, out var id))
        {
            return;
        }

        using var slot = new DirectorySlot("worker", root);
        var store = slot.Open(id);
        if (work == "append")
        {
            Append(store);
        }
        else
        {
            Count(store, int.Parse(work, CultureInfo.InvariantCulture));
        }

        Environment.Exit(0);
    }

    // Blocking, for while the module is being initialized no other thread may run code of it.
    public static void Count(IBlobStore store, int times)
    {
        var name = new BlobName("counter");
        for (var done = 0; done < times;)
        {
            var seen = Wait(store.GetAsync(name, default));
            var next = int.Parse(Encoding.ASCII.GetString(seen.Bytes.Span), CultureInfo.InvariantCulture) + 1;
            var bytes = Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture));
            var put = Wait(store.PutAsync(name, bytes, PutCondition.IfMatch(seen.ETag), default));
            done += put.IsOk ? 1 : 0;
        }
    }

    private static T Wait<T>(ValueTask<T> operation) => operation.AsTask().GetAwaiter().GetResult();

    private static void Append(IBlobStore store)
    {
        var name = new BlobName("log");
        for (var position = 0L; ;)
        {
            var append = Wait(store.AppendAsync(name, position, [Block(position)], default));
            if (!append.IsOk)
            {
                Console.WriteLine(append.Status);
                return;
            }

            position = append.Length;
            Console.WriteLine(position);
        }
    }
}
