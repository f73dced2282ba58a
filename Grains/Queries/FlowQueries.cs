using NovaOrleans.Hosts;
using NovaOrleans.Instances;

namespace NovaOrleans.Queries;

/// <summary>
/// All that decides upon a flow. <see cref="Peer"/> is the NIC that the other address belongs to, as its own address or, where
/// <see cref="PeerIsFloating"/>, as one that stands for it; null where it is no NIC's.
/// </summary>
public sealed record FlowFacts(NicStanding Nic, NicStanding? Peer, bool PeerIsFloating)
{
    /// <summary>The rules of the groups of whoever receives.</summary>
    public required IReadOnlyList<SecurityGroupFact> Groups { get; init; }

    /// <summary>The addresses in the groups that those rules name.</summary>
    public required ILookup<SecurityGroupId, string> Members { get; init; }

    public required IReadOnlyList<string> Blocked { get; init; }

    /// <summary>The label of the network that the other address lies in, where that is another one of this cloud.</summary>
    public string? OtherNetwork { get; init; }
}

internal static class FlowQueries
{
    public static async Task<IReadOnlyList<NicStanding>> Standings(
        LedgerSession session, RecordText text, IReadOnlyList<VnicId> vnics)
    {
        List<NicStanding> standings = [];
        foreach (VnicId vnic in vnics)
        {
            if (await Standing(session, text, vnic) is { } standing)
            {
                standings.Add(standing);
            }
        }

        return standings;
    }

    public static async Task<Outcome<FlowFacts>> Facts(LedgerSession session, RecordText text, ExplainFlow flow)
    {
        if (await Standing(session, text, flow.Vnic) is not { } nic)
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC on any host", flow.Vnic);
        }

        (NicStanding? peer, bool floating) = flow.Peer is { } address ? await Peer(session, text, nic, address) : (null, false);
        NicStanding? receiver = flow.Peer is null || flow.FromPeer ? nic : peer;
        IReadOnlyList<HostFact> facts = receiver is null ? [] : await HostFactRows.Groups(session, receiver.Host, []);
        return new FlowFacts(nic, peer, floating)
        {
            Groups = [.. facts.OfType<SecurityGroupFact>().Where(g => receiver!.Binding.SecurityGroups.Contains(g.Group))],
            Members = facts.OfType<GroupMembersFact>().SelectMany(m => m.Addresses.Select(a => (m.Group, Address: a)))
                .ToLookup(m => m.Group, m => m.Address),
            Blocked = await session.Query("select cidr from provider_fw_rules where not deleted", r => r.Text("cidr")),
            OtherNetwork = flow.Peer is { } other ? await OtherNetwork(session, nic, other) : null,
        };
    }

    /// <summary>The record's own text says what the host was told, and its columns what the host said of it.</summary>
    private static Task<NicStanding?> Standing(LedgerSession session, RecordText text, VnicId vnic) => session.QueryOne(
        """
        select b.host, b.revision, b.record, b.outcome, b.fault, coalesce(b.updated_at, b.created_at) as at,
               h.reported_revision, h.fenced
          from host_bindings b join hosts h on h.name = b.host
         where b.vnic_id = @vnic and b.kind = 1 and coalesce(b.outcome, 0) <> 2 order by b.generation desc
        """,
        r => new NicStanding(
            ((BindRecord)text.Read(r.Text("record"))).Binding, HostName.Parse(r.Text("host")), r.Long("revision"),
            r.Long("reported_revision"), (BindingOutcome?)r.LongOrNull("outcome"), r.TextOrNull("fault"))
        {
            At = r.Time("at"),
            HostIsFenced = r.Flag("fenced"),
        },
        ("vnic", vnic));

    /// <summary>Who has the address: a NIC of the same network, or the one that a floating IP stands for.</summary>
    private static async Task<(NicStanding? Peer, bool Floating)> Peer(
        LedgerSession session, RecordText text, NicStanding nic, string address)
    {
        Guid? own = await session.QueryOne(
            """
            select f.vnic_id from fixed_ips f
             where f.network_uuid = @network and (f.address = @address or f.address_v6 = @address) and f.phase = 2 and not f.deleted
            """,
            r => r.UuidOrNull("vnic_id"), ("network", nic.Binding.Network?.Network ?? default), ("address", address));
        if (own is { } vnic)
        {
            return (await Standing(session, text, new VnicId(vnic)), false);
        }

        Guid? floating = await session.QueryOne(
            """
            select f.vnic_id from floating_ips o join fixed_ips f on f.uuid = o.fixed_ip_uuid and f.phase = 2 and not f.deleted
             where o.address = @address and not o.deleted
            """,
            r => r.UuidOrNull("vnic_id"), ("address", address));
        return floating is { } behind ? (await Standing(session, text, new VnicId(behind)), true) : (null, false);
    }

    private static async Task<string?> OtherNetwork(LedgerSession session, NicStanding nic, string address)
    {
        if (!Ip4Address.TryParse(address, out Ip4Address four))
        {
            return null;
        }

        List<(string Label, Cidr4 Cidr)> networks = await session.Query(
            """
            select n.label, s.cidr from networks n join subnets s on s.network_uuid = n.uuid and s.family = 4 and not s.deleted
             where not n.deleted and n.uuid <> @own
            """,
            r => (r.Text("label"), Cidr4.Parse(r.Text("cidr"))), ("own", nic.Binding.Network?.Network ?? default));
        return nic.Binding.Info.Cidr?.Contains(four) == true
            ? null
            : networks.Where(n => n.Cidr.Contains(four)).Select(n => n.Label).FirstOrDefault();
    }
}
