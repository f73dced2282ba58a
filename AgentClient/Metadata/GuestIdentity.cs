using System.Text.Json;
using NovaOrleans.Ec2;

namespace NovaOrleans.Agent.Metadata;

/// <summary>One guest, as it may read itself through one of its NICs.</summary>
public sealed record GuestIdentity(InstanceSpec Instance, HostBinding Binding, IReadOnlyList<string> SecurityGroups)
{
    private const string Zone = "nova";

    private InstanceFacts Facts => Instance.Facts;

    private string HostName => DnsLabel.Of(Binding.HostName, Binding.Info.IpAddress);

    /// <summary>What is under <c>/{version}/</c> for EC2's clients: paths and their texts.</summary>
    public MetadataTree Ec2()
    {
        string? image = Instance.Machine?.Image?.Id ?? LastWord(Facts.ImageRef);
        return new MetadataTree()
            .With("meta-data/ami-id", image is null ? null : Ec2Ids.OfImage(image))
            .With("meta-data/ami-launch-index", $"{Facts.Launch.Index}")
            .With("meta-data/hostname", HostName)
            .With("meta-data/instance-id", Ec2Ids.Of(Ec2Ids.Instance, Facts.Number))
            .With("meta-data/instance-type", LastWord(Facts.FlavorRef))
            .With("meta-data/local-hostname", HostName)
            .With("meta-data/local-ipv4", Binding.Info.IpAddress?.ToString())
            .With("meta-data/mac", Binding.Info.MacAddress.ToString())
            .With("meta-data/placement/availability-zone", Zone)
            .With("meta-data/public-ipv4", PublicAddress)
            .With("meta-data/reservation-id", Ec2Ids.ReservationOf(Facts.Launch, Facts.Number))
            .With("meta-data/security-groups", SecurityGroups.Count == 0 ? null : string.Join('\n', SecurityGroups))
            .With("user-data", Facts.UserData is { } data ? Convert.FromBase64String(data) : null);
    }

    /// <summary>What is under <c>/openstack/{version}/</c>.</summary>
    public MetadataTree OpenStack() => new MetadataTree()
        .With("meta_data.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["uuid"] = Instance.Id.ToString(),
            ["name"] = Instance.Name,
            ["hostname"] = HostName,
            ["project_id"] = Instance.Project.Value,
            ["launch_index"] = Facts.Launch.Index,
            ["availability_zone"] = Zone,
            ["meta"] = Facts.Metadata,
        }))
        .With("user_data", Facts.UserData is { } data ? Convert.FromBase64String(data) : null);

    private string? PublicAddress => Binding.FloatingIps
        .Where(f => f.Fixed == Binding.Info.IpAddress).Select(f => f.Address.ToString()).FirstOrDefault();

    /// <summary>A reference may be a link that ends in the id.</summary>
    private static string? LastWord(string? reference) => reference?[(reference.LastIndexOf('/') + 1)..];
}
