using System.Xml.Linq;
using NovaOrleans.Ec2;
using NovaOrleans.FloatingIps;
using NovaOrleans.Instances;

namespace NovaOrleans.Api.Ec2;

/// <summary>Floating IPs: taken, put before an instance, put away, given back.</summary>
internal sealed class AddressActions(Ec2Addresses addresses, Ec2Instances instances) : IEc2Actions
{
    private static readonly Dictionary<string, Func<Ec2Address, IEnumerable<string?>>> Filters = new()
    {
        ["allocation-id"] = a => [a.Allocation],
        ["association-id"] = a => [a.Association],
        ["domain"] = _ => [Ec2Address.Domain],
        ["instance-id"] = a => [a.Instance],
        ["private-ip-address"] = a => [a.View.Fixed?.ToString()],
        ["public-ip"] = a => [a.View.Address.ToString()],
    };

    public IEnumerable<(string Name, Role Least, Ec2Action Action)> Actions() =>
    [
        ("AllocateAddress", Role.Member, Allocate),
        ("AssociateAddress", Role.Member, Associate),
        ("DisassociateAddress", Role.Member, Disassociate),
        ("ReleaseAddress", Role.Member, Release),
        ("DescribeAddresses", Role.Reader, Describe),
    ];

    private async Task<Ec2Answer> Allocate(Ec2Call call)
    {
        call.Parameters.Optional("Domain", d => d is "vpc" or "standard", "vpc or standard, which are the same here");
        string pool = call.Parameters.Optional("PublicIpv4Pool", Names.IsLabel, Names.LabelAccepts) ?? Ec2Addresses.DefaultPool;
        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        Outcome<FloatingIpView> taken = await addresses.Pool(pool).Allocate(new AllocateFloatingIp(call.Project, call.Actor, call.Key));
        return taken.Try(out FloatingIpView? floating, out Refusal? refusal)
            ? Ec2Answer.Of(
                new XElement("publicIp", floating.Address.ToString()), new XElement("domain", Ec2Address.Domain),
                new XElement("allocationId", Ec2Ids.Of(Ec2Ids.Allocation, floating.RowId)))
            : Ec2Fault.Of(
                refusal, (RefusalCode.QuotaExceeded, "AddressLimitExceeded"),
                (RefusalCode.NoMoreFloatingIps, "InsufficientAddressCapacity"));
    }

    private async Task<Ec2Answer> Associate(Ec2Call call)
    {
        string id = call.Parameters.Required("InstanceId", _ => true, "");
        Ip4Address? wanted = call.Parameters.Optional(
            "PrivateIpAddress", t => Ip4Address.TryParse(t, out _), "one of the instance's addresses") is { } text
            && Ip4Address.TryParse(text, out Ip4Address given) ? given : null;
        bool stays = call.Parameters.Text("AllowReassociation") == "false";
        (FloatingIpView? floating, Ec2Fault? fault) = await addresses.Named(call, "AllocationId");
        if (floating is null || (fault = call.Parameters.Faults()) is not null)
        {
            return fault!;
        }

        (IReadOnlyList<InstanceView> found, fault) = await instances.Find(call.Project, [id]);
        if (fault is not null)
        {
            return fault;
        }

        InstanceView instance = found[0];
        if (instance.Vnics.Count == 0)
        {
            return new Ec2Fault("IncorrectInstanceState", $"Instance '{id}' has no NIC.");
        }

        if (stays && floating.Instance is { } other && other != instance.Id)
        {
            return new Ec2Fault("Resource.AlreadyAssociated", $"Address {floating.Address} is associated with another instance.");
        }

        Outcome<FloatingIpView> put = await addresses.Pool(floating.Pool).Associate(
            new AssociateFloatingIp(floating.Id, call.Project, instance.Vnics[0], wanted, call.Actor));
        return put.Try(out floating, out Refusal? refusal)
            ? Ec2Answer.Of(
                new XElement("return", "true"), new XElement("associationId", Ec2Ids.Of(Ec2Ids.Association, floating.RowId)))
            : Ec2Fault.Of(refusal, (RefusalCode.FloatingIpInUse, "Resource.AlreadyAssociated"));
    }

    private async Task<Ec2Answer> Disassociate(Ec2Call call)
    {
        (FloatingIpView? floating, Ec2Fault? fault) = await addresses.Named(call, "AssociationId");
        if (floating is null || (fault = call.Parameters.Faults()) is not null)
        {
            return fault!;
        }

        Outcome<FloatingIpView> away = await addresses.Pool(floating.Pool).Disassociate(floating.Id, call.Project, call.Actor);
        return away.Refused ? away.Refusal : Ec2Answer.Done;
    }

    private async Task<Ec2Answer> Release(Ec2Call call)
    {
        (FloatingIpView? floating, Ec2Fault? fault) = await addresses.Named(call, "AllocationId");
        if (floating is null || (fault = call.Parameters.Faults()) is not null)
        {
            return fault!;
        }

        Outcome given = await addresses.Pool(floating.Pool).Release(floating.Id, call.Project, call.Actor);
        return given.Refused
            ? Ec2Fault.Of(given.Refusal, (RefusalCode.FloatingIpInUse, "InvalidIPAddress.InUse"))
            : Ec2Answer.Done;
    }

    private async Task<Ec2Answer> Describe(Ec2Call call)
    {
        IReadOnlyList<string> ips = call.Parameters.List("PublicIp");
        IReadOnlyList<string> ids = call.Parameters.List("AllocationId");
        Ec2Filters<Ec2Address> filters = Ec2Filters<Ec2Address>.Read(call.Parameters, Filters);
        if (call.Parameters.Faults() is { } fault)
        {
            return fault;
        }

        IReadOnlyList<Ec2Address> all = await addresses.Describe(call.Project);
        if (ips.FirstOrDefault(i => all.All(a => a.View.Address.ToString() != i)) is { } noIp)
        {
            return Ec2Addresses.Unknown(noIp);
        }

        if (ids.FirstOrDefault(i => all.All(a => a.Allocation != i)) is { } noId)
        {
            return Ec2Addresses.Unknown(noId);
        }

        IEnumerable<Ec2Address> shown = all.Where(a => filters.Shows(a)
            && ((ips.Count == 0 && ids.Count == 0) || ips.Contains(a.View.Address.ToString()) || ids.Contains(a.Allocation)));
        return Ec2Answer.Of(Ec2Answer.List("addressesSet", shown.Select(a => a.Content())));
    }
}
