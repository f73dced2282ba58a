namespace NovaOrleans.Api.Failover;

internal static class FailoverRegistration
{
    public static IServiceCollection AddFailover(this IServiceCollection services, NovaApiOptions options) =>
        options.FailsOver ? services.AddSingleton<IOutgoingGrainCallFilter, CallRepeats>() : services;

    /// <summary>Every request has its time from here on; where nothing fails over it has none, and its calls are made once.</summary>
    public static void UseFailover(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<NovaApiOptions>().FailsOver)
        {
            return;
        }

        TimeProvider clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(next => context =>
        {
            RequestTime.Begin(clock, context.RequestAborted);
            return next(context);
        });
    }
}
