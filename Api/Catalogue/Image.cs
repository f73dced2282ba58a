using NovaOrleans.Ec2;
using NovaOrleans.Instances;

namespace NovaOrleans.Api.Catalogue;

/// <summary>
/// Something to launch machines from. <paramref name="Boot"/> null means that there is nothing to boot: such an image
/// is for hosts whose guests are not machines.
/// </summary>
public sealed record Image(string Id, string Name, MachineImage? Boot)
{
    /// <summary>EC2's form of the id, <c>ami-</c> and eight hexadecimal digits.</summary>
    public string Ec2Id { get; } = Ec2Ids.OfImage(Id);
}
