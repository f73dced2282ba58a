using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// Sockets of the host, wherever that is.
/// </summary>
public sealed class BridgeSockets(string? space)
{
    private const int SocketLevel = 1;
    private const int BindToDevice = 25;
    private const int Waiting = 64;

    /// <summary>A TCP socket that listens on one bridge only.</summary>
    /// <exception cref="SocketException">The bridge is not there, the port is taken, or it may not be done.</exception>
    public Socket Listen(string bridge, int port) => InSpace(() =>
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(SocketLevel, BindToDevice, Encoding.ASCII.GetBytes(bridge));
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            socket.Listen(Waiting);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    });

    /// <summary>A TCP socket of the host that is neither bound nor connected.</summary>
    public Socket Open() => InSpace(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));

    /// <summary>Whether the bridge that it was bound to is still there: one that was made anew is another.</summary>
    public static bool IsOn(Socket socket, string bridge)
    {
        Span<byte> name = stackalloc byte[16];
        try
        {
            int length = socket.GetRawSocketOption(SocketLevel, BindToDevice, name);
            return Encoding.ASCII.GetString(name[..length]).TrimEnd('\0') == bridge;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private Socket InSpace(Func<Socket> make)
    {
        try
        {
            return NetworkSpaces.Run(space, make);
        }
        catch (OperatingFaultException fault)
        {
            throw new SocketException((int)SocketError.NetworkUnreachable, fault.Message);
        }
    }
}
