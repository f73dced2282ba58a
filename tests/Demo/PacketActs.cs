using System.Text.Json.Nodes;

namespace NovaOrleans.Demo;

/// <summary>What only real packets tell.</summary>
internal sealed class PacketActs(Stage stage, Narrator narrator, IReadOnlyList<Guest> guests, CancellationToken stop)
{
    /// <summary>A new agent takes at least 200 ms to start, so fewer pings than this did not span its absence.</summary>
    private const int FewestPings = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private IEnumerable<IGrouping<Troupe, Guest>> Troupes => guests.GroupBy(g => g.Of);

    [Seed("S21"), Seed("S91"), Seed("S128"), Seed("S135")]
    public async Task AddressesAreThoseAllocated()
    {
        narrator.Act("What the guests have");
        foreach (Guest guest in guests)
        {
            string how = guest.Of.UsesDhcp ? "by DHCP" : "from its injected interfaces file";
            await narrator.Check($"{guest.Name} has {guest.Address}, and no other, {how}", async () =>
            {
                await Wait.Until($"the address of {guest.Name}", Limit, async () =>
                    await guest.Addresses() is [{ } only] && only == guest.Address
                        ? null
                        : $"[{string.Join(", ", await guest.Addresses())}]", stop);
                return guest.Of.UsesDhcp ? await LeasedBy(guest) : await InjectedInto(guest);
            });
        }
    }

    [Seed("S8"), Seed("S128")]
    public async Task ReachWhatTheyShould()
    {
        narrator.Act("Who reaches whom");
        foreach (Guest[] pair in Troupes.Select(t => t.ToArray()))
        {
            await narrator.Check($"{pair[0].Name} and {pair[1].Name} ping each other", async () =>
                await pair[0].Pings(pair[1].Address) && await pair[1].Pings(pair[0].Address) ? null : "no answer");
        }

        Troupe[] troupes = [.. Troupes.Select(t => t.Key)];
        foreach ((Troupe one, Troupe other) in troupes.SelectMany((t, i) => troupes.Skip(i + 1).Select(o => (t, o))))
        {
            await narrator.Check($"{one.Project} and {other.Project} do not, not even with a route of the guest's own", async () =>
            {
                string?[] reached = await Task.WhenAll(
                    from a in guests.Where(g => g.Of == one)
                    from b in guests.Where(g => g.Of == other)
                    from way in new[] { (From: a, To: b), (From: b, To: a) }
                    select Crosses(way.From, way.To));
                return reached.OfType<string>().FirstOrDefault();
            });
        }
    }

    [Seed("S141")]
    public async Task HostileGuestsAreContained()
    {
        narrator.Act("What a hostile guest gets through to its neighbour");
        foreach (Guest[] pair in Troupes.Select(t => t.ToArray()))
        {
            await new HostileGuest(pair[0], pair[1]).Attack(narrator);
        }
    }

    public async Task TheAgentMayDie()
    {
        narrator.Act("The agent is killed while guests ping every 10 ms");
        var pings = Troupes.Select(t => t.ToArray()).Select(p => (p[0].Of, Ping: EndlessPing.Start(p[0], p[1]))).ToList();
        try
        {
            string before = await LinksOfTheHost();
            JsonNode host = (await stage.Cloud.Get($"/v1.1/hosts/{stage.HostName}"))["host"]!;
            int killed = stage.AgentId;
            await narrator.Step($"kill -9 {killed}", stage.KillAgent);
            await narrator.Step("a new agent has looked at the host and reported", async () =>
            {
                await stage.StartAgent();
                await stage.UntilHostIsVerified((long)host["epoch"]!, stop);
            });
            foreach ((Troupe of, EndlessPing ping) in pings)
            {
                await narrator.Check($"{of.Project} lost no ping", async () =>
                {
                    (int sent, int received) = await ping.Sum();
                    return sent == received && sent >= FewestPings ? null : $"{sent} sent, {received} received";
                });
            }

            await narrator.Check("no link of the host was made anew", async () =>
                await LinksOfTheHost() is var after && after == before ? null : $"before {before}\nafter  {after}");
        }
        finally
        {
            pings.ForEach(p => p.Ping.Dispose());
        }
    }

    /// <summary>What answered, or null. A host route makes the guest ask on its own wire, whatever its prefix says.</summary>
    private static async Task<string?> Crosses(Guest from, Guest to)
    {
        if (await from.Pings(to.Address))
        {
            return $"{from.Name} reaches {to.Name} by its routes";
        }

        await from.Exec("ip", "route", "replace", $"{to.Address}/32", "dev", Guest.Nic);
        bool answered = await from.Pings(to.Address);
        await from.Exec("ip", "route", "delete", $"{to.Address}/32", "dev", Guest.Nic);
        return answered ? $"{from.Name} reaches {to.Name} on its own wire" : null;
    }

    /// <summary>The DHCP server's own record of the lease.</summary>
    private async Task<string?> LeasedBy(Guest guest)
    {
        foreach (string file in Files("*lease*"))
        {
            string text = await File.ReadAllTextAsync(file, stop);
            if (text.Contains($"{guest.Mac} {guest.Address} ", StringComparison.Ordinal))
            {
                return null;
            }
        }

        return "the DHCP server has no lease of it";
    }

    private async Task<string?> InjectedInto(Guest guest)
    {
        foreach (string file in Files("interfaces"))
        {
            if ((await File.ReadAllTextAsync(file, stop)).Contains($"address {guest.Address}", StringComparison.Ordinal))
            {
                return (await Spaces.Processes([guest.Space])).Select(Spaces.CommandOf).FirstOrDefault(
                    c => c.Contains("udhcpc", StringComparison.Ordinal)) is { } client ? $"a DHCP client runs in it: {client}" : null;
            }
        }

        return "no interfaces file with its address was injected";
    }

    private IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(stage.AgentFolder, pattern, SearchOption.AllDirectories);

    private async Task<string> LinksOfTheHost() => string.Join(
        " ", (await Spaces.Links(stage.Space)).Select(l => $"{l!["ifindex"]}:{l["ifname"]}").Order(StringComparer.Ordinal));
}
