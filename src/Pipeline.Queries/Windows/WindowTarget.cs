namespace Pipeline.Queries.Windows;

/// <summary>An open window that an event counts in: its table, if there is one, and the event's group or -1.</summary>
internal struct WindowTarget
{
    public long End;
    public int Shape;
    public WindowTable? Window;
    public int Group;
}
