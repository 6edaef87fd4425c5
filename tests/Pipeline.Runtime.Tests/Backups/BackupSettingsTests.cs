using Pipeline.Backups;
using Xunit;

namespace Pipeline.Runtime.Tests.Backups;

/// <summary>What the settings of backups may say, and what is said where they do not.</summary>
public sealed class BackupSettingsTests
{
    [Theory]
    [InlineData(BackupSettings.ScheduleSetting, "x", "must be a cron expression of five fields in UTC")]
    [InlineData(BackupSettings.ScheduleSetting, "* * * * * *", "must be a cron expression of five fields in UTC")]
    [InlineData(BackupSettings.ScheduleSetting, "61 * * * *", "must be a cron expression of five fields in UTC")]
    [InlineData(BackupSettings.ScheduleSetting, "", "must be a cron expression of five fields in UTC")]
    [InlineData(BackupSettings.KeepSetting, "0", "must be a number of backups, as 10, or an age, as 30d")]
    [InlineData(BackupSettings.KeepSetting, "-1", "must be a number of backups, as 10, or an age, as 30d")]
    [InlineData(BackupSettings.KeepSetting, "abc", "must be a number of backups, as 10, or an age, as 30d")]
    [InlineData(BackupSettings.ToSetting, "ftp://host/x", "is neither a directory nor a container's URL")]
    [InlineData(BackupSettings.ToSetting, "file://%", "is neither a directory nor a container's URL")]
    public void A_mistake_is_told_with_its_setting(string setting, string value, string message)
    {
        var error = Assert.Single(Read((BackupSettings.ToSetting, "/var/backups"), (setting, value)).Errors);
        Assert.StartsWith(setting, error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_without_a_place_is_a_mistake_and_nothing_at_all_is_none()
    {
        Assert.Contains(BackupSettings.ToSetting, Assert.Single(
            Read((BackupSettings.ScheduleSetting, "0 3 * * *")).Errors), StringComparison.Ordinal);
        var (settings, errors) = Read();
        Assert.Null(settings);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("/var/backups", "/var/backups")]
    [InlineData(
        "DefaultEndpointsProtocol=https;AccountName=abc;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net;"
            + "Container=kept",
        "AccountName=abc;Container=kept")]
    [InlineData(
        "https://abc.blob.core.windows.net/kept?sv=2024&sig=secret", "https://abc.blob.core.windows.net/kept")]
    public void Where_they_go_is_shown_without_secrets(string to, string shown)
    {
        var (settings, errors) = Read(
            (BackupSettings.ToSetting, to), (BackupSettings.ScheduleSetting, "0 3 * * *"),
            (BackupSettings.KeepSetting, "30d"));
        Assert.Empty(errors);
        Assert.Equal((shown, TimeSpan.FromDays(30), null), (settings!.To, settings.KeepAge, settings.KeepCount));
        Assert.NotNull(settings.Schedule);
        (settings.Slot as IDisposable)?.Dispose();
    }

    private static (BackupSettings? Settings, List<string> Errors) Read(params (string Name, string Value)[] given)
    {
        var errors = new List<string>();
        var settings = BackupSettings.Read(
            name => given.Where(one => one.Name == name).Select(static one => one.Value).LastOrDefault(), errors);
        return (settings, errors);
    }
}
