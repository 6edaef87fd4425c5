using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pipeline.Http.Hosting;

/// <summary>
/// A web server that may be stopped before it has started. Kestrel's is not made for that: its heartbeat, started after
/// its end, throws on a thread of its own, and the process ends. Here a server that was stopped first is not started.
/// </summary>
/// <param name="inner">The server that is kept from it.</param>
public sealed class StoppableServer(IServer inner) : IServer
{
    private readonly Lock _gate = new();
    private bool _hasStarted;
    private bool _isStopped;

    public IFeatureCollection Features => inner.Features;

    /// <summary>Puts the host's server behind one of these; for a host that ends while it starts.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var kestrel = services.Last(static service => service.ServiceType == typeof(IServer));
        services.Replace(ServiceDescriptor.Singleton<IServer>(provider => new StoppableServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, kestrel.ImplementationType!))));
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="OperationCanceledException">It was stopped before.</exception>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                throw new OperationCanceledException("The server was stopped before it started.");
            }

            _hasStarted = true;

            // Its heartbeat has begun when this returns; all else it can be stopped in the middle of.
            return inner.StartAsync(application, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Stop() ? inner.StopAsync(cancellationToken) : Task.CompletedTask;

    public void Dispose()
    {
        if (Stop())
        {
            inner.Dispose();
        }
    }

    /// <summary>Whether there is something to stop.</summary>
    private bool Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            return _hasStarted;
        }
    }
}
