using NovaOrleans.Agent;
using NovaOrleans.Testing;

namespace NovaOrleans.AgentTests;

/// <summary>Real guests on a real bridge: a host in a network namespace, and questions about what its guests can do.</summary>
public abstract class PacketBench : IAsyncLifetime
{
    private protected LinuxBench Bench { get; private set; } = null!;

    private protected int Salt { get; } = Random.Shared.Next(1, 1 << 24);

    public async Task InitializeAsync() => Bench = await LinuxBench.Create();

    public virtual async Task DisposeAsync() => await Bench.DisposeAsync();

    private protected Sketch Sketch() => new(Bench.Compute.AttachmentOf, Salt);

    private protected async Task<Verified> Make(DesiredHost desired)
    {
        Verified verified = await Bench.Reconcile(desired);
        Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
        return verified;
    }

    internal static Task UntilHasAddress(string space, string address) => Poll.Until(
        async () => (await Netns.Tool("ip", "-n", space, "-o", "addr", "show", "dev", "eth0"))
            .Contains($" {address}/24 ", StringComparison.Ordinal),
        $"{space} has {address}");

    /// <summary>
    /// Ends a guest's DHCP client. It begins, at its own time, by taking away every address of its NIC: what a test sets itself
    /// stays only after that.
    /// </summary>
    internal static async Task EndDhcpClient(string space)
    {
        await Poll.Until(
            async () =>
            {
                string[] clients = await Netns.Processes(space, "udhcpc");
                foreach (string client in clients)
                {
                    await Netns.Tool("kill", "-9", client);
                }

                return clients.Length > 0;
            },
            $"{space} has a DHCP client");
        await Poll.Until(async () => (await Netns.Processes(space, "lease")).Length == 0, $"{space}'s client has run its script");
    }

    /// <summary>A lease sets the address first and the routes after it.</summary>
    internal static Task UntilHasRoute(string space, string to) => Poll.Until(
        async () => await Netns.ExitCode(space, "ip", "route", "get", to) == 0, $"{space} has a route to {to}");
}
