using System.Threading.Channels;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// The way to libvirtd: opened when it is first needed, and again after it was lost, so that a restart of libvirtd is
/// one question asked twice. Its guests do not notice either.
/// </summary>
internal sealed class LibvirtSession(string uri, TimeProvider clock) : IDisposable
{
    /// <summary>Ending a guest that does not want to takes libvirt up to 15 s.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly Lock _lock = new();
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private LibvirtConnection? _connection;

    /// <summary>Completes when something happened to a domain, or to the connection, since it completed last.</summary>
    public async Task UntilChanged(CancellationToken stop) => await _changed.Reader.ReadAsync(stop);

    /// <summary>
    /// Asks on a thread that may block. What was asked is asked again, once, if the connection died meanwhile: it has to
    /// be of a kind that may be done twice.
    /// </summary>
    /// <exception cref="OperatingFaultException">libvirt refused, cannot be reached, or did not answer.</exception>
    public async Task<T> Ask<T>(Func<LibvirtConnection, T> question, CancellationToken stop)
    {
        try
        {
            return await Task.Run(() => Try(question), stop).WaitAsync(Limit, clock, stop);
        }
        catch (LibvirtException e)
        {
            throw e.ToFault();
        }
        catch (TimeoutException e)
        {
            throw new OperatingFaultException($"libvirt did not answer within {Limit.TotalSeconds:0} s", mayRetry: true, e);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    private T Try<T>(Func<LibvirtConnection, T> question)
    {
        LibvirtConnection connection = Connected();
        try
        {
            return question(connection);
        }
        catch (LibvirtException) when (!connection.IsAlive)
        {
            return question(Connected());
        }
    }

    private LibvirtConnection Connected()
    {
        lock (_lock)
        {
            if (_connection is { IsAlive: true } alive)
            {
                return alive;
            }

            _connection?.Dispose();
            _connection = null;
            return _connection = LibvirtConnection.Open(uri, () => _changed.Writer.TryWrite(true));
        }
    }
}
