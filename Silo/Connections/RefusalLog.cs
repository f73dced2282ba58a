using System.Net;

namespace NovaOrleans.Silo.Connections;

/// <summary>
/// One line for each connection or call that is refused, and no more than so many at a time: who tries a thousand times a
/// second must not fill the disk.
/// </summary>
internal sealed partial class RefusalLog(TimeProvider clock, ILogger<RefusalLog> log)
{
    public const int LinesAtOnce = 50;

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _since;
    private int _lines;
    private long _untold;

    public void Connection(string door, EndPoint? from, string why)
    {
        if (MayTell())
        {
            LogConnection(door, from, why);
        }
    }

    public void Frame(EndPoint? from, string peer, string why)
    {
        if (MayTell())
        {
            LogFrame(from, peer, why);
        }
    }

    public void Call(string peer, string what)
    {
        if (MayTell())
        {
            LogCall(peer, what);
        }
    }

    private bool MayTell()
    {
        long untold = 0;
        lock (_lock)
        {
            if (_since == 0 || clock.GetElapsedTime(_since) > s_window)
            {
                (_since, _lines, untold, _untold) = (clock.GetTimestamp(), 0, _untold, 0);
            }

            if (++_lines > LinesAtOnce)
            {
                _untold++;
                return false;
            }
        }

        if (untold > 0)
        {
            LogUntold(untold);
        }

        return true;
    }

    [LoggerMessage(LogLevel.Warning, "refused a connection to the {Door} from {From}: {Why}")]
    private partial void LogConnection(string door, EndPoint? from, string why);

    [LoggerMessage(LogLevel.Warning, "refused what {Peer} sent from {From}, and ended its connection: {Why}")]
    private partial void LogFrame(EndPoint? from, string peer, string why);

    [LoggerMessage(LogLevel.Warning, "refused a call of {Peer}: {What}")]
    private partial void LogCall(string peer, string what);

    [LoggerMessage(LogLevel.Warning, "{Untold} more refusals before this one were not told")]
    private partial void LogUntold(long untold);
}
