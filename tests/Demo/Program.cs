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
try
{
    await using Stage stage = ValueOf("--cluster") is { } folder
        ? ClusterStage.Of(narrator, Path.GetFullPath(folder), packets)
        : new OwnStage(narrator, packets);
    packets = stage.Packets;
    narrator.Say(packets
        ? "Real packets: guests, bridges, firewall and DHCP in network namespaces."
        : $"{(Environment.UserName == "root" ? "As the cluster was made" : "Without root")}: everything on the fake host, and no packet "
            + "flows; what the host was told is checked instead.");
    await Perform(stage);
}
catch (DemoFault fault)
{
    narrator.Fail(fault.Message);
}

foreach (PosixSignalRegistration registration in registrations)
{
    registration.Dispose();
}

narrator.Say($"demo: {narrator.Passed} checks passed, {narrator.Failed} failed");
if (ValueOf("--result") is { } file)
{
    // For ./nova test --seed; acts without packets show no row that speaks of them.
    File.WriteAllText(file, narrator.Failed > 0 ? "failed\n" : packets ? "passed\n" : "passed without packets\n");
}

return narrator.Failed == 0 ? 0 : 1;

// Before the stage is taken down: it shows logs where something failed.
async Task Perform(Stage stage)
{
    try
    {
        await new Play(stage, narrator, stop.Token).Perform();
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        narrator.Fail("interrupted");
    }
    catch (Exception fault) when (fault is DemoFault or HttpRequestException or TaskCanceledException or TimeoutException)
    {
        narrator.Fail(fault.Message);
    }
}

string? ValueOf(string option) => Array.IndexOf(args, option) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : null;
