using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NovaOrleans.Agent.Host;

namespace NovaOrleans.AgentTests;

public sealed class ProcessesTests : IDisposable
{
    /// <summary>Listens, says where, and has so much memory that to give it back takes a while, after which its sockets are closed.</summary>
    private const string Listener =
        "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die; "
        + "my $n = 300_000_000; my $m = 'x' x $n; $| = 1; print $s->sockport, \"\\n\"; sleep 600;";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly List<Process> _started = [];

    public void Dispose() => _started.ForEach(p =>
    {
        p.Kill();
        p.Dispose();
    });

    /// <summary>Whoever ends a server to start another one in its place finds the place free.</summary>
    [Fact]
    public async Task Who_has_ended_listens_no_more()
    {
        for (int time = 0; time < 3; time++)
        {
            (Process server, string? port) = await Perl(Listener);
            await Processes.End([server.Id], s_patience, default);
            using Socket next = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            next.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(port!, CultureInfo.InvariantCulture)));
            next.Listen();
        }
    }

    [Fact]
    public async Task Who_does_not_end_when_asked_is_ended()
    {
        (Process deaf, _) = await Perl("$SIG{TERM} = 'IGNORE'; $| = 1; print \"ready\\n\"; sleep 600 while 1;");
        await Processes.End([deaf.Id], TimeSpan.FromMilliseconds(200), default);
        Assert.True(deaf.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    /// <summary>A process, and what it said first. It ends with the test.</summary>
    private async Task<(Process Process, string? Word)> Perl(string program)
    {
        Process process = Process.Start(new ProcessStartInfo("perl", ["-e", program]) { RedirectStandardOutput = true })!;
        _started.Add(process);
        return (process, await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
    }
}
