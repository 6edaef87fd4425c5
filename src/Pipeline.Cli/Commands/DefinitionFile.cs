using System.Diagnostics.CodeAnalysis;
using Pipeline.Cli.Output;
using Pipeline.Definitions;

namespace Pipeline.Cli.Commands;

/// <summary>A definition on this machine, and what a service is sent of it.</summary>
/// <param name="Path">Of PUT.</param>
/// <param name="Text">As it lies there.</param>
/// <param name="MediaType">By the file's ending.</param>
internal sealed record DefinitionFile(string Path, string Text, string MediaType)
{
    /// <summary>False where it cannot be read: why was told, and <paramref name="code"/> is how to exit.</summary>
    public static bool TryRead(FileInfo file, [NotNullWhen(true)] out DefinitionFile? read, out int code)
    {
        (read, code) = (null, ExitCode.Done);
        if (!file.Exists)
        {
            code = Failure.Tell($"There is no file '{file}'.");
            return false;
        }

        if (!DefinitionText.TryReadFile(file.FullName, out var text, out var error))
        {
            code = Failure.Tell($"{file}:{error}", ExitCode.Found);
            return false;
        }

        var name = DefinitionReader.NameOf(text) ?? System.IO.Path.GetFileNameWithoutExtension(file.Name);
        var isJson = file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase);
        read = new DefinitionFile(
            $"v1/pipelines/{Uri.EscapeDataString(name)}", text, isJson ? "application/json" : "application/yaml");
        return true;
    }
}
