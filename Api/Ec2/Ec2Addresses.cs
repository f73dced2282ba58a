using System.Xml.Linq;
using NovaOrleans.Ec2;
using NovaOrleans.FloatingIps;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;

namespace NovaOrleans.Api.Ec2;

/// <summary>A floating IP in EC2's words.</summary>
internal sealed record Ec2Address(FloatingIpView View, string? Instance)
{
    /// <summary>Clients written for either domain find what they expect in this one: both ids and addresses name things.</summary>
    public const string Domain = "vpc";

    public string Allocation => Ec2Ids.Of(Ec2Ids.Allocation, View.RowId);

    public string? Association => View.Port is null ? null : Ec2Ids.Of(Ec2Ids.Association, View.RowId);

    public object[] Content()
    {
        List<object> content =
        [
            new XElement("publicIp", View.Address.ToString()),
            new XElement("allocationId", Allocation),
            new XElement("domain", Domain),
            new XElement("publicIpv4Pool", View.Pool),
        ];
        if (Association is { } association)
        {
            content.Add(new XElement("associationId", association));
            content.Add(new XElement("instanceId", Instance ?? ""));
            content.Add(new XElement("privateIpAddress", View.Fixed?.ToString() ?? ""));
        }

        return [.. content];
    }
}

/// <summary>A project's floating IPs, found by EC2's ids and by themselves.</summary>
internal sealed class Ec2Addresses(IGrainFactory grains)
{
    public const string DefaultPool = "nova";

    public static Ec2Fault Unknown(string address) => new(
        address.Contains('-') ? "InvalidAllocationID.NotFound" : "InvalidAddress.NotFound",
        $"The project has no address '{BodyText.Shown(address)}'.");

    public IFloatingIpPoolGrain Pool(string name) => grains.GetGrain<IFloatingIpPoolGrain>(name);

    public Task<IReadOnlyList<FloatingIpView>> Of(ProjectId project) =>
        grains.GetGrain<ILedgerQueryGrain>(0).FloatingIps(new FloatingIpFilter { Project = project }, new Page());

    public async Task<IReadOnlyList<Ec2Address>> Describe(ProjectId project)
    {
        IReadOnlyList<FloatingIpView> all = await Of(project);
        string?[] owners = await Task.WhenAll(all.Select(Owner));
        return [.. all.Zip(owners, (view, owner) => new Ec2Address(view, owner))];
    }

    /// <summary>The address that <c>PublicIp</c> or the parameter <paramref name="id"/> names.</summary>
    public async Task<(FloatingIpView? Floating, Ec2Fault? Fault)> Named(Ec2Call call, string id)
    {
        string? ip = call.Parameters.Text("PublicIp");
        string? number = call.Parameters.Text(id);
        if (ip is null && number is null)
        {
            return (null, Ec2Fault.Missing(id));
        }

        IReadOnlyList<FloatingIpView> all = await Of(call.Project);
        string kind = id == "AssociationId" ? Ec2Ids.Association : Ec2Ids.Allocation;
        FloatingIpView? floating = all.FirstOrDefault(f =>
            (ip is null || f.Address.ToString() == ip) && (number is null || Ec2Ids.Of(kind, f.RowId) == number));
        return floating is null ? (null, Unknown(number ?? ip!)) : (floating, null);
    }

    private async Task<string?> Owner(FloatingIpView floating) =>
        floating.Instance is { } id
        && (await grains.GetGrain<IInstanceGrain>(id.Value).Describe()).Try(out InstanceView? instance, out _)
            ? Ec2Ids.Of(Ec2Ids.Instance, instance.RowId)
            : null;
}
