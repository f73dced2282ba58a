using System.Runtime.InteropServices;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// Does something in a named network namespace on a thread that goes there and ends. What it made there, a socket or a process,
/// stays of that namespace, while the agent itself stays where it reaches its silo.
/// </summary>
public static partial class NetworkSpaces
{
    private const int NewNetwork = 0x40000000;

    /// <param name="space">The name, as of <c>ip netns</c>; null for where the agent is.</param>
    /// <param name="make">What is done; what it throws is thrown here.</param>
    /// <exception cref="OperatingFaultException">There is no such namespace, or it may not be entered.</exception>
    public static T Run<T>(string? space, Func<T> make)
    {
        if (space is null)
        {
            return make();
        }

        // An exception of a thread of its own would end the agent: a task brings it home.
        Task<T> trip = new(() =>
        {
            Enter(space);
            return make();
        });
        Thread traveller = new(trip.RunSynchronously);
        traveller.Start();
        return trip.GetAwaiter().GetResult();
    }

    private static void Enter(string space)
    {
        try
        {
            using SafeHandle handle = File.OpenHandle("/run/netns/" + space);
            if (SetNamespace((int)handle.DangerousGetHandle(), NewNetwork) != 0)
            {
                throw new OperatingFaultException(
                    $"network namespace {space} cannot be entered: {Marshal.GetLastPInvokeErrorMessage()}", mayRetry: false);
            }
        }
        catch (FileNotFoundException gone)
        {
            throw new OperatingFaultException($"there is no network namespace {space}", mayRetry: true, gone);
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int handle, int kind);
}
