using Cronos;
using Pipeline.Definitions;
using Pipeline.Storage.AzureBlob.Addresses;
using Pipeline.Storage.Blobs;

namespace Pipeline.Backups;

/// <summary>Where backups go, when they are made, and which are kept.</summary>
public sealed record BackupSettings
{
    public const string ToSetting = "Pipeline:Backup:To";
    public const string ScheduleSetting = "Pipeline:Backup:Schedule";
    public const string KeepSetting = "Pipeline:Backup:Keep";

    /// <summary>The directory or container; no store of the service.</summary>
    public required IStoreSlot Slot { get; init; }

    /// <summary>The same for people, without credentials.</summary>
    public string To { get; init; } = "";

    /// <summary>The cron expression, in UTC; null: only when somebody asks.</summary>
    public CronExpression? Schedule { get; init; }

    /// <summary>So many of the newest; null: by age, or all.</summary>
    public int? KeepCount { get; init; }

    /// <summary>Those that are younger; null: by count, or all.</summary>
    public TimeSpan? KeepAge { get; init; }

    /// <summary>The two above as they were written.</summary>
    public string? Keep { get; init; }

    /// <summary>What tests leave out.</summary>
    internal BackupFlaws Flaws { get; init; }

    /// <summary>Null: backups are not configured, or not well: then <paramref name="errors"/> says so.</summary>
    public static BackupSettings? Read(Func<string, string?> setting, ICollection<string> errors)
    {
        var (to, schedule, keep) = (setting(ToSetting), setting(ScheduleSetting), setting(KeepSetting));
        if (string.IsNullOrWhiteSpace(to))
        {
            if (schedule is not null || keep is not null)
            {
                errors.Add($"{ToSetting} must say where backups go, for {ScheduleSetting} or {KeepSetting} is given.");
            }

            return null;
        }

        var address = to.Contains("://", StringComparison.Ordinal) || to.Contains(';') ? to : Path.GetFullPath(to);
        if (!StoreAddress.TryOpen("backup", address, out var slot, out var wrong))
        {
            errors.Add($"{ToSetting}: {wrong}");
            return null;
        }

        var settings = new BackupSettings { Slot = slot, To = Shown(address), Keep = keep };
        if (schedule is not null)
        {
            settings = CronExpression.TryParse(schedule, out var cron) ? settings with { Schedule = cron } : settings;
            if (settings.Schedule is null)
            {
                errors.Add($"{ScheduleSetting} must be a cron expression of five fields in UTC, as '0 3 * * *', "
                    + $"not '{schedule}'.");
            }
        }

        return keep is null ? settings : settings.WithKeep(keep, errors);
    }

    private BackupSettings WithKeep(string keep, ICollection<string> errors)
    {
        if (int.TryParse(keep, System.Globalization.CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return this with { KeepCount = count };
        }

        if (Quantity.TryDuration(keep, out var age) && age > TimeSpan.Zero)
        {
            return this with { KeepAge = age };
        }

        errors.Add($"{KeepSetting} must be a number of backups, as 10, or an age, as 30d, not '{keep}'.");
        return this;
    }

    /// <summary>An address may carry a key or a signature.</summary>
    private static string Shown(string address)
    {
        if (address.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return uri.IsFile ? uri.LocalPath : uri.GetLeftPart(UriPartial.Path);
        }

        return address.Contains(';')
            ? string.Join(';', address.Split(';').Where(static part =>
                part.StartsWith("AccountName=", StringComparison.OrdinalIgnoreCase)
                || part.StartsWith("Container=", StringComparison.OrdinalIgnoreCase)))
            : address;
    }
}
