using System.Collections;
using System.Text.Json;
using Pipeline.Backups.Places;
using Pipeline.Cli.Chaos;
using Pipeline.Cli.Service;

namespace Pipeline.Cli.Drills;

/// <summary>
/// The service as a process of its own on restored stores. Nothing that this process was told of the real one reaches
/// it: neither keys nor alerts nor the place of backups.
/// </summary>
internal sealed class DrillHost : IAsyncDisposable
{
    private const int SampleEvents = 1_000;

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Kept = ["Pipeline__Definitions__"];
    private static readonly string[] Taken = ["Pipeline__", "Pipeline:", "ASPNETCORE_", "Kestrel__", "OTEL_"];

    /// <summary>An event may be nested 64 deep, and lies in an object itself.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 128 };

    private readonly ChaosProcess _process;
    private readonly ServiceClient _client;

    private DrillHost(ChaosProcess process) =>
        (_process, _client) = (process, new ServiceClient(process.Address, key: null));

    /// <summary>How it ended without having been told to.</summary>
    public IReadOnlyList<string> Ends => _process.Ends;

    /// <summary>Starts it and waits until it serves; once more on another port where somebody took the first.</summary>
    /// <exception cref="ChaosException">It does not.</exception>
    public static async Task<DrillHost> StartAsync(
        string program, string folder, int stores, Random draw, CancellationToken cancellationToken)
    {
        var definitions = Directory.CreateDirectory(Path.Combine(folder, "pipelines")).FullName;
        for (var attempt = 1; ; attempt++)
        {
            var address = new Uri($"http://127.0.0.1:{FreePorts.Draw(1, draw)[0]}/");
            var start = new ChaosProgram(
                "the restored service",
                program,
                [
                    "--urls", address.ToString().TrimEnd('/'), "--data", Data(folder), "--stores", $"{stores}",
                    "--pipelines", definitions, "--code", Path.Combine(folder, "code"),
                ],
                address,
                "health")
            {
                ReadyLimit = ReadyLimit,
                Variables = Variables(folder),
            };
            var process = new ChaosProcess(start, Path.Combine(folder, "host.log"));
            try
            {
                process.Start();
                await process.IsReadyAsync(cancellationToken);
                return new DrillHost(process);
            }
            catch (ChaosException taken) when (attempt == 1
                && taken.Message.Contains("in use", StringComparison.Ordinal))
            {
                await process.DisposeAsync();
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Where its stores lie: in the folder <c>stores</c> below.</summary>
    public static string Data(string folder) => Path.Combine(folder, "data");

    /// <summary>Whether all pipelines are paused, so that none writes anywhere.</summary>
    public async Task<DrillCheck> PipelinesAsync(CancellationToken cancellationToken)
    {
        using var answer = await _client.GetAsync("v1/pipelines", cancellationToken);
        var pipelines = answer.RootElement.EnumerateArray().ToList();
        var running = pipelines.Where(static pipeline => !pipeline.GetProperty("paused").GetBoolean())
            .Select(static pipeline => $"{pipeline.GetProperty("name")} is not paused").ToList();
        return new DrillCheck(
            "pipelines", $"{pipelines.Count - running.Count} of {pipelines.Count} are paused", running);
    }

    /// <summary>Whether each partition begins and ends where the backup says.</summary>
    public async Task<DrillCheck> StreamsAsync(Backup backup, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var begun = time.GetTimestamp();
        var streams = backup.Logs.GroupBy(static log => log.Stream).Select(static logs => logs.ToList()).ToList();
        while (true)
        {
            var findings = new List<string>();
            foreach (var logs in streams)
            {
                findings.AddRange(await DifferencesAsync(logs, cancellationToken));
            }

            if (findings.Count == 0 || time.GetElapsedTime(begun) > Settling)
            {
                var found = $"{streams.Count} with {backup.Logs.Count} partitions, {backup.Events:N0} events";
                return new DrillCheck("streams", found, findings);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Reads some events of each partition, from wherever chance says.</summary>
    public async Task<DrillCheck> EventsAsync(Backup backup, Random draw, CancellationToken cancellationToken)
    {
        var (read, findings) = (0L, new List<string>());
        foreach (var logs in backup.Logs.GroupBy(static log => log.Stream))
        {
            var share = Math.Max(1L, SampleEvents / logs.Count());
            foreach (var log in logs.Where(static log => log.End > log.First))
            {
                var from = log.First + draw.NextInt64(Math.Max(1, log.End - log.First - share + 1));
                var (count, wrong) = await ReadAsync(log, from, Math.Min(share, log.End - from), cancellationToken);
                read += count;
                if (wrong is not null)
                {
                    findings.Add(wrong);
                }
            }
        }

        return new DrillCheck("events", $"{read:N0} read, as a sample", findings);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>What of this process's environment it does not get, and what it gets instead.</summary>
    private static Dictionary<string, string?> Variables(string folder)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(static entry => (string)entry.Key)
            .Where(static name => Array.Exists(Taken, start => Begins(name, start))
                && !Array.Exists(Kept, start => Begins(name, start)))
            .ToDictionary(static name => name, static _ => (string?)null);

        // Settings that lie beside the program may name a place and a schedule: it is told of another place.
        variables["Pipeline__Backup__To"] = Path.Combine(folder, "backups");
        return variables;
    }

    private static bool Begins(string name, string start) => name.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private async Task<List<string>> DifferencesAsync(List<BackupLog> logs, CancellationToken cancellationToken)
    {
        var stream = logs[0].Stream;
        JsonDocument answer;
        try
        {
            answer = await _client.GetAsync($"v1/streams/{Uri.EscapeDataString(stream)}", cancellationToken);
        }
        catch (ServiceException refused) when (refused.Status != 0)
        {
            return [$"{stream}: {refused.Message}"];
        }

        using (answer)
        {
            var there = answer.RootElement.GetProperty("partitions").EnumerateArray().ToDictionary(
                static one => one.GetProperty("partition").GetInt32(),
                static one => $"{one.GetProperty("first")} to {one.GetProperty("committed")}");
            var found = logs.Where(log => there.GetValueOrDefault(log.Partition) != $"{log.First} to {log.End}")
                .Select(log => $"{stream}/{log.Partition} has {there.GetValueOrDefault(log.Partition) ?? "nothing"}, "
                    + $"the backup {log.First} to {log.End}")
                .ToList();
            if (there.Count > logs.Count)
            {
                found.Add($"{stream} has {there.Count} partitions, in the backup {logs.Count}");
            }

            return found;
        }
    }

    private async Task<(long Read, string? Wrong)> ReadAsync(
        BackupLog log, long from, long expected, CancellationToken cancellationToken)
    {
        var place = $"{log.Stream}/{log.Partition}";
        var path = $"v1/streams/{Uri.EscapeDataString(log.Stream)}/events"
            + $"?partition={log.Partition}&from={from}&max={expected}";
        using var answer = await _client.Http.GetAsync(
            path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return (0, $"{place}: from {from} it answers {(int)answer.StatusCode}");
        }

        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        var next = from;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            using var stored = JsonDocument.Parse(line, Deep);
            var offset = stored.RootElement.GetProperty("offset").GetInt64();
            if (offset != next)
            {
                return (next - from, $"{place}: at {next} it gives event {offset}");
            }

            next++;
        }

        return (next - from, next - from == expected
            ? null
            : $"{place}: from {from} it gives {next - from} events, not {expected}");
    }
}
