using System.Net;
using System.Net.Sockets;

namespace NovaOrleans.Testing;

/// <summary>
/// Ports for processes that will be restarted on them. They are below those that the kernel gives to outgoing connections: one of
/// these could have such a port while its owner is down.
/// </summary>
public static class FreePorts
{
    public static int One() => Some(1)[0];

    public static int[] Some(int count)
    {
        var found = new List<TcpListener>(count);
        while (found.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(15_000, 32_000));
            try
            {
                listener.Start();
                found.Add(listener);
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }

        int[] ports = [.. found.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        found.ForEach(l => l.Stop());
        return ports;
    }
}
