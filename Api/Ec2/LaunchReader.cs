using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NovaOrleans.Api.Catalogue;
using NovaOrleans.Api.Servers;
using NovaOrleans.Ec2;
using NovaOrleans.Instances;

namespace NovaOrleans.Api.Ec2;

/// <summary>What <c>RunInstances</c> asks for, read into the order that every launch is made by.</summary>
internal static class LaunchReader
{
    private const string TokenAccepts = "1 to 64 printable ASCII characters without blanks";
    private const string NameAccepts = "1 to 255 printable characters";

    private static readonly string[] Counts = ["MinCount", "MaxCount"];

    /// <summary>
    /// The order, with the key that makes it repeatable where the caller gave a token, and the ids of groups that it names beside
    /// those that it names by their names.
    /// </summary>
    public static (ServerBody Body, RequestKey? Key, IReadOnlyList<string> GroupIds) Read(Ec2Call call, MachineCatalogue catalogue)
    {
        Ec2Parameters parameters = call.Parameters;
        Image? image = ReadImage(parameters, catalogue);
        string type = parameters.Optional(
            "InstanceType", t => catalogue.FindFlavor(t) is not null,
            $"one of {string.Join(", ", catalogue.Flavors.Select(f => f.Name))}") ?? catalogue.Flavors[0].Name;
        (int least, int most) = ReadCounts(parameters);
        string? token = parameters.Optional("ClientToken", t => t.Length <= 64 && RequestKey.IsKey(t), TokenAccepts);
        RequestKey? key = token is null ? null : new RequestKey($"ec2/{token}", parameters.Digest());
        string reservation = ReservationOf(call.Project, key);
        List<string> groups = [.. parameters.List("SecurityGroupId"), .. ReadInterface(parameters)];
        ReadOff(parameters, "Monitoring.Enabled", "EbsOptimized", "DisableApiTermination");
        Dictionary<string, string> tags = ReadTags(parameters);
        return (new ServerBody(
            tags.GetValueOrDefault("Name") ?? reservation, [.. Enumerable.Repeat<IReadOnlyList<VnicId>?>(null, most)],
            ReadZone(parameters))
        {
            Least = least,
            ImageRef = image?.Id,
            FlavorRef = catalogue.FindFlavor(type)?.Name,
            Metadata = tags,
            Reservation = reservation,
            SecurityGroups = parameters.List("SecurityGroup"),
            KeyName = parameters.Optional("KeyName", Names.IsLabel, Names.LabelAccepts),
            UserData = parameters.Optional(
                "UserData", IsUserData,
                string.Create(CultureInfo.InvariantCulture, $"base64 of at most {LaunchDetails.LongestUserData} bytes")),
        }, key, groups);
    }

    private static Image? ReadImage(Ec2Parameters parameters, MachineCatalogue catalogue)
    {
        if (parameters.Text("ImageId") is not { } id)
        {
            parameters.Reject(Ec2Fault.Missing("ImageId"));
            return null;
        }

        Image? image = catalogue.FindImage(id);
        if (image is null)
        {
            parameters.Reject(new Ec2Fault(
                "InvalidAMIID.NotFound", $"There is no image '{BodyText.Shown(id)}'; DescribeImages lists those there are."));
        }

        return image;
    }

    private static (int Least, int Most) ReadCounts(Ec2Parameters parameters)
    {
        int? least = parameters.Integer("MinCount", 1, ServerBody.MostInstances);
        int? most = parameters.Integer("MaxCount", 1, ServerBody.MostInstances);
        foreach (string missing in Counts.Where(n => !parameters.Has(n)))
        {
            parameters.Reject(Ec2Fault.Missing(missing));
        }

        if (least > most)
        {
            parameters.Reject(new Ec2Fault("InvalidParameterCombination", "Parameter 'MinCount' is greater than 'MaxCount'."));
        }

        return (least ?? 1, most ?? 1);
    }

    /// <summary>
    /// An instance of this API has one NIC (S14): what may be said of it is that it is the only one, and its groups, which are
    /// the instance's.
    /// </summary>
    private static List<string> ReadInterface(Ec2Parameters parameters)
    {
        const string name = "NetworkInterface";
        IReadOnlyList<int> numbers = parameters.Numbers(name);
        if (numbers.Count > 1)
        {
            parameters.Ignore(name);
            parameters.Reject(Ec2Fault.Unsupported(
                $"Parameter '{name}' describes {numbers.Count} NICs; an instance that is launched by this API has exactly one. "
                    + $"{ServerResource.Collection} takes several."));
            return [];
        }

        List<string> groups = [];

        foreach (string prefix in numbers.Select(n => string.Create(CultureInfo.InvariantCulture, $"{name}.{n}")))
        {
            parameters.Optional($"{prefix}.DeviceIndex", t => t == "0", "0, the only NIC");
            parameters.Optional($"{prefix}.DeleteOnTermination", t => t == "true", "true: the NIC goes with its instance");
            groups.AddRange(parameters.List($"{prefix}.SecurityGroupId"));
        }

        return groups;
    }

    /// <summary>What is not there cannot be switched on; clients that say that it is off are right.</summary>
    private static void ReadOff(Ec2Parameters parameters, params string[] names)
    {
        foreach (string name in names)
        {
            parameters.Optional(name, t => t == "false", "false: this cloud has no such thing");
        }
    }

    private static HostName? ReadZone(Ec2Parameters parameters)
    {
        const string accepts = $"{Ec2Instance.Zone}, or {Ec2Instance.Zone}:HOST where HOST is a compute host's name";
        string? zone = parameters.Optional(
            "Placement.AvailabilityZone", z => z == Ec2Instance.Zone || HostIn(z) is not null, accepts);
        return HostIn(zone);
    }

    private static HostName? HostIn(string? zone) =>
        zone is not null && zone.StartsWith(Ec2Instance.Zone + ":", StringComparison.Ordinal)
        && HostName.TryParse(zone[(Ec2Instance.Zone.Length + 1)..], out HostName host) ? host : null;

    private static Dictionary<string, string> ReadTags(Ec2Parameters parameters)
    {
        const string list = "TagSpecification";
        Dictionary<string, string> tags = [];
        foreach (string prefix in parameters.Numbers(list).Select(n => string.Create(CultureInfo.InvariantCulture, $"{list}.{n}")))
        {
            parameters.Required($"{prefix}.ResourceType", t => t == "instance", "instance");
            foreach (int number in parameters.Numbers($"{prefix}.Tag"))
            {
                string tag = string.Create(CultureInfo.InvariantCulture, $"{prefix}.Tag.{number}");
                string key = parameters.Required($"{tag}.Key", t => Names.IsLabel(t) && t.Length <= 128, NameAccepts);
                tags[key] = parameters.Required($"{tag}.Value", Names.IsLabel, NameAccepts);
            }
        }

        return tags;
    }

    private static bool IsUserData(string text)
    {
        Span<byte> bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && length <= LaunchDetails.LongestUserData;
    }

    /// <summary>With a token the same again, so that a launch which is repeated half-way stays one.</summary>
    private static string ReservationOf(ProjectId project, RequestKey? key) => $"{Ec2Ids.Reservation}-" + Convert.ToHexStringLower(
        key is null
            ? RandomNumberGenerator.GetBytes(4)
            : SHA256.HashData(Encoding.UTF8.GetBytes($"{project}\n{key.Key}\n{key.BodyHash}")).AsSpan(0, 4).ToArray());
}
