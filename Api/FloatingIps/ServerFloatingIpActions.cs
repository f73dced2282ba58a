using NovaOrleans.Api.Servers;
using NovaOrleans.FloatingIps;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.FloatingIps;

/// <summary>
/// nova's <c>addFloatingIp</c>: without <c>fixed_address</c> the first NIC that has an address. What an address can stand for is
/// decided by the grains, for each network.
/// </summary>
internal sealed class AddFloatingIpAction(IGrainFactory grains, FloatingIpDirectory directory) : IServerAction
{
    public string Name => "addFloatingIp";

    public string Example => """{"addFloatingIp": {"address": "203.0.113.5"}}""";

    public async Task<ApiAnswer> Act(ApiRequest request, InstanceView instance, BodyReader fields)
    {
        fields.Require("address", Ip4Address.Accepts);
        Ip4Address? address = fields.Ip4("address"), wanted = fields.Ip4("fixed_address");
        if (fields.Faulty(out Refusal? refusal)
            || !(await directory.Find(instance.Project, $"{address}")).Try(out FloatingIpView? floating, out refusal))
        {
            return refusal;
        }

        VnicView? card = (await grains.GetGrain<ILedgerQueryGrain>(0).VnicsById(instance.Vnics)).FirstOrDefault(c =>
            c.Ports.Any(p => p.Address is { } own && (wanted is null || own == wanted)));
        if (card is null)
        {
            return new Refusal(
                RefusalCode.VnicNotFound, $"Instance {instance.Id} has no fixed IP{(wanted is null ? "" : $" {wanted}")}.",
                instance.Id.ToString(), "fixed_address");
        }

        Outcome<FloatingIpView> done = await grains.GetGrain<IFloatingIpPoolGrain>(floating.Pool).Associate(
            new AssociateFloatingIp(floating.Id, instance.Project, card.Id, wanted, request.Actor));
        return done.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }
}

/// <summary>nova's <c>removeFloatingIp</c>.</summary>
internal sealed class RemoveFloatingIpAction(IGrainFactory grains, FloatingIpDirectory directory) : IServerAction
{
    public string Name => "removeFloatingIp";

    public string Example => """{"removeFloatingIp": {"address": "203.0.113.5"}}""";

    public async Task<ApiAnswer> Act(ApiRequest request, InstanceView instance, BodyReader fields)
    {
        fields.Require("address", Ip4Address.Accepts);
        Ip4Address? address = fields.Ip4("address");
        if (fields.Faulty(out Refusal? refusal)
            || !(await directory.Find(instance.Project, $"{address}")).Try(out FloatingIpView? floating, out refusal))
        {
            return refusal;
        }

        if (floating.Instance != instance.Id)
        {
            return new Refusal(
                RefusalCode.RequestedStateInvalid,
                $"Floating IP {floating.Address} does not stand for an address of instance {instance.Id}.",
                floating.Id.ToString(), "address");
        }

        Outcome<FloatingIpView> done = await grains.GetGrain<IFloatingIpPoolGrain>(floating.Pool)
            .Disassociate(floating.Id, instance.Project, request.Actor);
        return done.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }
}
