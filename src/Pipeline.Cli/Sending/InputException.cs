namespace Pipeline.Cli.Sending;

/// <summary>A file is not what can be sent; the message names the place.</summary>
internal sealed class InputException(string message) : Exception(message);
