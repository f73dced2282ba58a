using System.Runtime.InteropServices;
using NovaOrleans.Demo;

// The main job as one command. Exit status 0 if every check passed. Interrupted or failed, it takes down what it set up.
using var stop = new CancellationTokenSource();
PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
PosixSignalRegistration[] registrations = [.. signals.Select(s => PosixSignalRegistration.Create(s, context =>
{
    context.Cancel = true;
    stop.Cancel();
}))];

Console.OutputEncoding = System.Text.Encoding.UTF8;
var narrator = new Narrator(Console.Out);
bool packets = OperatingSystem.IsLinux() && Environment.UserName == "root";
narrator.Say(packets
    ? "Real packets: guests, bridges, firewall and DHCP in network namespaces of the demo's own."
    : "Without root: everything on the fake host, and no packet flows; what the host was told is checked instead.");
await using (var stage = new Stage(narrator, packets))
{
    try
    {
        await new Play(stage, narrator, stop.Token).Perform();
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        narrator.Fail("interrupted");
    }
    catch (Exception fault) when (fault is DemoFault or HttpRequestException or TaskCanceledException)
    {
        narrator.Fail(fault.Message);
    }
}

foreach (PosixSignalRegistration registration in registrations)
{
    registration.Dispose();
}

narrator.Say($"demo: {narrator.Passed} checks passed, {narrator.Failed} failed");
if (args is ["--result", var file])
{
    // For ./nova test --seed; acts without packets show no row that speaks of them.
    File.WriteAllText(file, narrator.Failed > 0 ? "failed\n" : packets ? "passed\n" : "passed without packets\n");
}

return narrator.Failed == 0 ? 0 : 1;
