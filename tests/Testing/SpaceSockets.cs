using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NovaOrleans.Testing;

/// <summary>Sockets of a network namespace, used from here.</summary>
public static class SpaceSockets
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Time for the kernel to ask twice more (1 and 3 s) where a new port of a bridge lost the first SYN.</summary>
    private static readonly TimeSpan MorePatience = TimeSpan.FromSeconds(5);

    /// <summary>Answers on the port with what it is told, until it is disposed.</summary>
    public static IDisposable Echo(string space, int port)
    {
        Socket listener = Make(space);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        listener.Listen();
        _ = Serve(listener);
        return listener;
    }

    /// <summary>A connection from there that must come about. Throws where none did in 5 s.</summary>
    public static async Task<Socket> Connect(string space, string address, int port, int from = 0) =>
        await Attempt(space, address, port, from, MorePatience)
        ?? throw new TimeoutException($"{space} was not connected to {address}:{port}, at once or after {MorePatience.TotalSeconds:0} s");

    /// <summary>Whether none came about within a second.</summary>
    public static async Task<bool> Refuses(string space, string address, int port, int from = 0)
    {
        using Socket? socket = await Attempt(space, address, port, from, Patience);
        return socket is null;
    }

    private static async Task<Socket?> Attempt(string space, string address, int port, int from, TimeSpan patience)
    {
        Socket socket = Make(space);
        socket.NoDelay = true;
        using CancellationTokenSource limit = new(patience);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, from));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address).MapToIPv6(), port), limit.Token);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Whether what is said on it comes back within two seconds.</summary>
    public static async Task<bool> Answers(this Socket socket, string text)
    {
        byte[] sent = Encoding.ASCII.GetBytes(text);
        await socket.SendAsync(sent);
        using CancellationTokenSource limit = new(2 * Patience);
        byte[] back = new byte[sent.Length];
        try
        {
            int read = 0;
            while (read < back.Length && await socket.ReceiveAsync(back.AsMemory(read), limit.Token) is > 0 and int more)
            {
                read += more;
            }

            return back.AsSpan().SequenceEqual(sent);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task Serve(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = Repeat(await listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task Repeat(Socket socket)
    {
        using Socket own = socket;
        byte[] buffer = new byte[1024];
        try
        {
            while (await own.ReceiveAsync(buffer) is > 0 and int length)
            {
                await own.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (SocketException)
        {
            // The other side is gone.
        }
    }

    private static Socket Make(string space) => InSpace.Make(
        space, () => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true });
}
