using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace NovaOrleans.Agent.Metadata;

/// <summary>Which bridge a connection came over.</summary>
public sealed record OverBridge(string Name);

/// <summary>
/// Kestrel's ear: one listening socket a bridge, bound to it, so that a connection's bridge is known and its answers leave by the
/// same one, also where two networks have the same addresses. Only guests get so far as to be read, a few connections each.
/// </summary>
public sealed class BridgeTransport(BridgeSockets sockets, ILoggerFactory logs)
    : IConnectionListenerFactory, IConnectionListener
{
    /// <summary>Where Kestrel is told to listen: wherever this transport does.</summary>
    public static EndPoint AllBridges { get; } = new Bridges();

    private const int MostOfGuest = 8;
    private const int MostWaiting = 64;

    private readonly ConcurrentDictionary<string, Socket> _ears = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Bridge, IPAddress Guest), int> _open = new();
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateBounded<ConnectionContext>(MostWaiting);
    private readonly SocketConnectionContextFactory _contexts =
        new(new SocketConnectionFactoryOptions(), logs.CreateLogger<SocketConnectionContextFactory>());

    private volatile Func<string, string, bool> _isGuest = (_, _) => false;

    public EndPoint EndPoint => AllBridges;

    /// <summary>
    /// Listens on these bridges and on no other; <paramref name="isGuest"/> says whether an address on a bridge is a guest's. The
    /// answer is why some cannot be listened on.
    /// </summary>
    public IReadOnlyList<string> Listen(IReadOnlyCollection<string> bridges, Func<string, string, bool> isGuest)
    {
        _isGuest = isGuest;
        foreach ((string bridge, Socket ear) in _ears.Where(e => !bridges.Contains(e.Key) || !BridgeSockets.IsOn(e.Value, e.Key)))
        {
            _ears.TryRemove(bridge, out _);
            ear.Dispose();
        }

        List<string> faults = [];
        foreach (string bridge in bridges.Where(b => !_ears.ContainsKey(b)))
        {
            try
            {
                Socket ear = sockets.Listen(bridge, MetadataPort.Number);
                _ears[bridge] = ear;
                _ = Accept(bridge, ear);
            }
            catch (SocketException e)
            {
                faults.Add($"{bridge}: {e.Message}");
            }
        }

        return faults;
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out ConnectionContext? next)
            ? next
            : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        Listen([], (_, _) => false);
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _contexts.Dispose();
    }

    private async Task Accept(string bridge, Socket ear)
    {
        while (true)
        {
            Socket guest;
            try
            {
                guest = await ear.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It was closed, or its bridge is gone: the next round listens again where that is wanted.
                return;
            }

            if (!Take(bridge, guest))
            {
                guest.Dispose();
            }
        }
    }

    private bool Take(string bridge, Socket guest)
    {
        if ((guest.RemoteEndPoint as IPEndPoint)?.Address is not { } address || !_isGuest(bridge, address.ToString()))
        {
            return false;
        }

        (string, IPAddress) who = (bridge, address);
        if (_open.AddOrUpdate(who, 1, (_, n) => n + 1) > MostOfGuest)
        {
            Leave(who);
            return false;
        }

        ConnectionContext context = _contexts.Create(guest);
        context.Features.Set(new OverBridge(bridge));
        context.ConnectionClosed.Register(() => Leave(who));
        if (!_accepted.Writer.TryWrite(context))
        {
            context.Abort();
            return false;
        }

        return true;
    }

    private void Leave((string Bridge, IPAddress Guest) who)
    {
        if (_open.AddOrUpdate(who, 0, (_, n) => n - 1) <= 0)
        {
            _open.TryRemove(KeyValuePair.Create(who, 0));
        }
    }

    private sealed class Bridges : EndPoint
    {
        public override string ToString() => "bridges";
    }
}
