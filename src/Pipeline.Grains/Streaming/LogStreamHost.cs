using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Grains.Streaming;

/// <summary>The process that subscriptions live in: a silo, or a client.</summary>
internal sealed class LogStreamHost(IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan Awake = TimeSpan.FromMinutes(1);

    public TimeProvider Time => time;

    /// <summary>The activation that calls; null where it is no grain's.</summary>
    public IGrainContext? Subscriber => services.GetService<IGrainContextAccessor>()?.GrainContext is { } context
        && context.GrainInstance is Grain ? context : null;

    /// <summary>An activation with a subscription is not idle.</summary>
    public void KeepAwake(IGrainContext? subscriber)
    {
        if (subscriber is not null)
        {
            services.GetRequiredService<IGrainRuntime>().DelayDeactivation(subscriber, Awake);
        }
    }
}
