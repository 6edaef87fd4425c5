namespace Pipeline.Storage.Directories;

/// <summary>Something for an I/O thread to do; never throws.</summary>
internal abstract class IoWork
{
    public abstract void Run();
}
