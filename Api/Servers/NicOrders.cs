namespace NovaOrleans.Api.Servers;

/// <summary>One NIC that a create asks for by its network, as nova 2011.3 did (S155): the VNIC is made for the instance.</summary>
internal sealed record NicOrder(NetworkId Network, Ip4Address? FixedIp);

/// <summary>Reads <c>networks: [{"uuid": …, "fixed_ip": …}]</c>.</summary>
internal static class NicOrders
{
    public const string Field = "networks";

    /// <summary>Null where the body has no such field: the service then chooses one network.</summary>
    public static IReadOnlyList<NicOrder>? Read(BodyReader body, int instances)
    {
        if (!body.Has(Field))
        {
            return null;
        }

        var orders = new List<NicOrder>();
        foreach (BodyReader network in body.Objects(Field) ?? [])
        {
            network.Require("uuid", "the UUID of a network");
            Guid? uuid = network.Uuid("uuid");
            orders.Add(new NicOrder(new NetworkId(uuid ?? default), network.Ip4("fixed_ip")));
        }

        Check(body, orders, instances);
        return orders;
    }

    private static void Check(BodyReader body, List<NicOrder> orders, int instances)
    {
        if (orders.Count == 0)
        {
            body.Reject(Field, "Field 'networks' names none; leave it out to have the network service choose one.");
        }

        if (body.Has("vnics"))
        {
            body.Reject(Field, "Give 'vnics' that there are, or 'networks' to have new ones made; not both.");
        }

        if (instances > 1 && orders.Exists(o => o.FixedIp is not null))
        {
            body.Reject(Field, "A fixed IP can be asked for one instance only.");
        }
    }
}
