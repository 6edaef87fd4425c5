namespace Pipeline.Ingestion;

/// <summary>One mistake in a body.</summary>
/// <param name="Problem">What kind of mistake.</param>
/// <param name="Reason">For people, and precise.</param>
/// <param name="Line">Line of the body, from 1; 0 where lines make no sense (binary CloudEvents).</param>
/// <param name="Column">Byte in the line, from 1; 0 where the whole event is meant.</param>
/// <param name="Event">Number of the event in the body, from 1; 0 where the body as a whole is meant.</param>
public readonly record struct IngestError(IngestProblem Problem, string Reason, int Line, int Column, int Event);
