namespace Pipeline.Cli.Chaos;

/// <summary>The experiment cannot be carried out; the message says why, and what to do.</summary>
internal sealed class ChaosException(string message) : Exception(message);
