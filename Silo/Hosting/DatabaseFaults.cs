using System.Data.Common;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Silo.Hosting;

/// <summary>
/// What a database's driver throws in Orleans' own grains and providers (membership, settings) cannot be read by those who
/// called: they have no driver, and would take it for a bug. They are told what it is, and that it may be tried again. The
/// ledger does so for itself.
/// </summary>
public sealed class DatabaseFaults : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (Of(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Null for anything that is no database's; also where it is wrapped by those that it came through.</summary>
    public static OperatingFaultException? Of(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is DbException fault)
            {
                return new OperatingFaultException($"the database did not do it: {fault.Message}", mayRetry: true);
            }
        }

        return null;
    }
}
