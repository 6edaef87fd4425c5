using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.Backups;

namespace Pipeline.Http.Operations;

/// <summary>The operations on backups.</summary>
internal static class BackupOperations
{
    private const string Path = "/v1/backups";

    private static readonly ApiProblem NotConfigured = new(409, "not-configured: Pipeline:Backup:To is not set.");

    public static IReadOnlyList<ApiOperation> All(BackupEndpoints backups) =>
    [
        new("GET", Path, "listBackups", "All backups.", backups.ListAsync)
        {
            Tag = "Backups",
            Role = AccessRoles.Reader,
            Answer = [new("application/json", "Backups")],
            AnswerText = "Newest first, also those that are being made and those that failed.",
            Problems = [new(503, "unavailable: the place of the backups does not answer.")],
        },
        new("POST", Path, "createBackup", "Begin a backup.", backups.StartAsync)
        {
            Tag = "Backups",
            Role = AccessRoles.Operator,
            Description = "One cut over all streams, checkpoints and definitions. Nothing is held up meanwhile.",
            Answer = [new("application/json", "BackupBegun")],
            AnswerText = "With 202: it has begun; GET /v1/backups/{id} says how it goes.",
            Problems = [new(409, "not-configured; conflict: one is being made."), new(503, "unavailable.")],
        },
        new("GET", Path + "/{id}", "getBackup", "One backup and its cut.", backups.GetAsync)
        {
            Tag = "Backups",
            Role = AccessRoles.Reader,
            Parameters = [new("id", "path", "The backup's id.", "20260101t030000z-1a2b3c4d")],
            Answer = [new("application/json", "Backup")],
            AnswerText = "The backup.",
            Problems = [new(404, "not-found."), NotConfigured, new(503, "unavailable.")],
        },
    ];
}
