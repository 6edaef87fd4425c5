using System.CommandLine;

namespace Pipeline.Cli.Service;

/// <summary>The option that says where the service is.</summary>
internal static class ServiceOption
{
    private static readonly Uri Standard = new("http://127.0.0.1:8080");

    public static Option<Uri> Create() => new("--url")
    {
        Description = "Where the service is; PIPELINE_URL is taken without it.",
        DefaultValueFactory = _ =>
            Uri.TryCreate(Environment.GetEnvironmentVariable("PIPELINE_URL"), UriKind.Absolute, out var url)
                ? url
                : Standard,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[^1].Value, UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https")
            {
                return url;
            }

            result.AddError($"'{result.Tokens[^1].Value}' is not of the form {Standard}.");
            return null;
        },
    };
}
