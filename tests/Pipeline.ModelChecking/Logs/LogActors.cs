using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.ModelChecking.Logs;

/// <summary>
/// All states of owners met in one search: equal ones are one object, so that each step of each is made once, however
/// many states of the world it is part of.
/// </summary>
internal sealed class LogActors(LogWorldOptions options)
{
    private readonly Dictionary<UInt128, LogActor> _actors = [];

    public LogWorldOptions Options => options;

    public LogSymmetry Symmetry { get; } = new(options.HasSymmetry);

    public LogActor Intern(LogActor actor)
    {
        var print = actor.Print(0);
        if (!_actors.TryGetValue(print, out var known))
        {
            _actors.Add(print, known = actor);
        }

        return known;
    }

    /// <summary>A slice's number says what is in it: one event with the handle slice % 100.</summary>
    public static PartHeader PartOf(int slice) => new()
    {
        Kind = PartKind.Events,
        HandleKind = HandleKind.Key,
        Count = 1,
        Handle = new Hash128(1, (ulong)(slice % 100)),
        Body = new Hash128(2, (ulong)(slice % 100)),
    };
}
