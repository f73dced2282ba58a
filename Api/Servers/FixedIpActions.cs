using System.Security.Cryptography;
using System.Text;
using NovaOrleans.Instances;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Servers;

/// <summary>
/// A further fixed IP for the server's NIC on a network (S155). Its host is told by itself; the address is active when it has
/// confirmed it.
/// </summary>
internal sealed class AddFixedIp(IGrainFactory grains, ServerReader reader) : IServerAction
{
    public string Name => "addFixedIp";

    public string Example => """{"addFixedIp": {"networkId": "0197a1c4-0000-7000-8000-000000000001"}}""";

    public async Task<ApiAnswer> Act(ApiRequest request, InstanceView instance, BodyReader fields)
    {
        fields.Require("networkId", "a UUID");
        Guid? given = fields.Uuid("networkId");
        if (fields.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        var network = new NetworkId(given ?? default);
        IReadOnlyList<VnicView> nics = (await reader.Of([instance]))[0].Vnics;
        if (nics.FirstOrDefault(n => n.Ports.Any(p => p.Network == network)) is not { } nic)
        {
            return new Refusal(
                RefusalCode.NetworkNotFound, $"The server has no NIC on network {network}.", network.ToString(), "networkId");
        }

        // The key makes a repeat find the port that the first attempt made.
        PortId port = request.Key is { } key ? PortOf(nic.Id, key) : PortId.New();
        Outcome<PortView> added = await grains.GetGrain<IFixedIpPoolGrain>(network.Value).Plug(
            new PlugVnic(nic.Id, nic.Mac, nic.Project, request.Actor) { Further = port });
        return added.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    private static PortId PortOf(VnicId nic, RequestKey key) =>
        new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{nic}\n{key.Key}\n{key.BodyHash}")).AsSpan(0, 16)));
}

/// <summary>Takes one of several fixed IPs from a server (S155); it is free when the host has let it go and it has rested.</summary>
internal sealed class RemoveFixedIp(IGrainFactory grains, ServerReader reader) : IServerAction
{
    public string Name => "removeFixedIp";

    public string Example => """{"removeFixedIp": {"address": "10.1.0.7"}}""";

    public async Task<ApiAnswer> Act(ApiRequest request, InstanceView instance, BodyReader fields)
    {
        fields.Require("address", Ip4Address.Accepts);
        Ip4Address? address = fields.Ip4("address");
        if (fields.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<VnicView> nics = (await reader.Of([instance]))[0].Vnics;
        if (nics.SelectMany(n => n.Ports).FirstOrDefault(p => p.Address == address) is not { } port)
        {
            return new Refusal(
                RefusalCode.PortNotFound, $"The server has no fixed IP {address}.", $"{address}", "address");
        }

        Outcome gone = await grains.GetGrain<IFixedIpPoolGrain>(port.Network.Value).Withdraw(port.Id, request.Actor);
        return gone.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }
}
