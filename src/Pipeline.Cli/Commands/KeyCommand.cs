using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Kernel.Identity;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline key: makes a key, and the settings with its hash that let its holder in.</summary>
internal static class KeyCommand
{
    private const string Prefix = "pipeline_";
    private const int Bytes = 32;

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Who gets it: letters, digits, _ and -." };
        name.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (text.Length == 0 || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            {
                result.AddError($"'{text}' is no name of a key: letters, digits, _ and -.");
            }
        });
        var roles = new Option<string>("--roles")
        {
            Description = "producer, reader, operator, by commas; producer:readings is for that stream alone.",
            Required = true,
        };
        roles.Validators.Add(result =>
        {
            foreach (var role in Split(result.GetValueOrDefault<string>() ?? "").Where(static role => !IsRole(role)))
            {
                result.AddError($"'{role}' is no role: there are producer, reader and operator, and producer:<stream> "
                    + "or reader:<stream> for one stream alone.");
            }
        });
        var command = new Command("key", "Make a key for a client, and the settings of the service that accept it.")
        {
            name, roles,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(name)!, string.Join(',', Split(parsed.GetValue(roles)!))));
        return command;
    }

    private static string[] Split(string roles) => roles.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>As the service reads them.</summary>
    private static bool IsRole(string text) => text.Split(':', 2) switch
    {
        ["producer" or "reader" or "operator"] => true,
        ["producer" or "reader", var stream] => StreamName.IsValid(stream),
        _ => false,
    };

    private static void Run(string name, string roles)
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        Console.WriteLine($"""
            For the client, shown this once:
              {key}
            For the service (environment; the hash is no secret):
              Pipeline__Auth__Keys__{name}__Hash={hash}
              Pipeline__Auth__Keys__{name}__Roles={roles}
            The same for azd env set PIPELINE_KEYS, where more than one are separated by ;
              {name} {hash} {roles}
            """);
    }
}
