using NovaOrleans.Api.Catalogue;
using NovaOrleans.Api.Servers;
using NovaOrleans.Ec2;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;

namespace NovaOrleans.Api.Ec2;

/// <summary>Instances as EC2 sees them: found by the numbers of their rows, each with one address.</summary>
internal sealed class Ec2Instances(
    IGrainFactory grains, ServerReader reader, Ec2Addresses addresses, Ec2Groups groups, MachineCatalogue catalogue)
{
    private ILedgerQueryGrain Ledger => grains.GetGrain<ILedgerQueryGrain>(0);

    /// <summary>All of these, in their order, or a fault that names the first that is none of the project's.</summary>
    public async Task<(IReadOnlyList<InstanceView> Found, Ec2Fault? Fault)> Find(ProjectId project, IReadOnlyList<string> ids)
    {
        var numbers = new List<long>(ids.Count);
        foreach (string id in ids)
        {
            if (!Ec2Ids.TryRead(Ec2Ids.Instance, id, out long number))
            {
                return ([], new Ec2Fault(
                    "InvalidInstanceID.Malformed", $"'{BodyText.Shown(id)}' is no instance id; one looks like i-0000002a."));
            }

            numbers.Add(number);
        }

        IReadOnlyList<InstanceView> found = await Ledger.InstancesByNumber(project, [.. numbers.Distinct()]);
        Dictionary<long, InstanceView> byNumber = found.ToDictionary(i => i.RowId);
        string? missing = ids.Zip(numbers).FirstOrDefault(p => !byNumber.ContainsKey(p.Second)).First;
        return missing is null
            ? ([.. numbers.Distinct().Select(n => byNumber[n])], null)
            : ([], new Ec2Fault("InvalidInstanceID.NotFound", $"There is no instance '{missing}'."));
    }

    public Task<IReadOnlyList<InstanceView>> Page(ProjectId project, Page page) => Ledger.Instances(project, page);

    /// <summary>Instances of one project.</summary>
    public async Task<IReadOnlyList<Ec2Instance>> Describe(IReadOnlyList<InstanceView> instances)
    {
        if (instances.Count == 0)
        {
            return [];
        }

        ILookup<InstanceId?, string> floating = (await addresses.Of(instances[0].Project))
            .ToLookup(f => f.Instance, f => f.Address.ToString());
        Dictionary<SecurityGroupId, string> ids = (await groups.Of(instances[0].Project).List())
            .ToDictionary(g => g.Id, Ec2Groups.IdOf);
        return
        [
            .. (await reader.Of(instances)).Select(s => Shown(s) with
            {
                PublicAddress = floating[s.Instance.Id].FirstOrDefault(),
                Groups = [.. s.Groups.Where(g => ids.ContainsKey(g.Group)).Select(g => (ids[g.Group], g.Name))],
            }),
        ];
    }

    private Ec2Instance Shown(ServerDetails server)
    {
        InstanceView instance = server.Instance;
        return new Ec2Instance(instance)
        {
            ImageId = catalogue.FindImage(instance.ImageRef)?.Ec2Id,
            Type = catalogue.FindFlavor(instance.FlavorRef)?.Name ?? instance.FlavorRef,
            Vnic = server.Vnics is [{ } vnic, ..] ? vnic : null,
        };
    }
}
