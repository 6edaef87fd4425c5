using System.CommandLine;

namespace Pipeline.Cli.Service;

/// <summary>The option that says who asks.</summary>
internal static class KeyOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--key")
        {
            Description = "A key or token of the service. Others on this machine see a command line: better set "
                + "PIPELINE_KEY, which is taken without it.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PIPELINE_KEY")?.Trim() is { Length: > 0 } key
                ? key
                : null,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } key && !key.All(static c => c is > ' ' and < (char)127))
            {
                result.AddError("--key, or PIPELINE_KEY: this is no key; it has blanks, or letters beyond ASCII.");
            }
        });
        return option;
    }
}
