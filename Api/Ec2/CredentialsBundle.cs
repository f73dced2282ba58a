using System.Globalization;
using System.IO.Compression;
using System.Text;
using NovaOrleans.Ec2;

namespace NovaOrleans.Api.Ec2;

/// <summary>
/// What a project's people need to use the cloud, in one archive as nova made it (S126): what a shell sources, and where the
/// project's VPN is. Nova put certificates of its own beside them; here there are none, and so none are named.
/// </summary>
internal static class CredentialsBundle
{
    public const string NoVpn = "The project has no VPN address: the archive has no VPN configuration.";
    public const string NoKey = "The project has no EC2 key: novarc has no EC2 variables.";

    /// <summary>What the archive has not, in sentences.</summary>
    public static IReadOnlyList<string> Warnings(Ec2Key? key, VpnEndpoint? vpn)
    {
        List<string> warnings = [];
        if (key is null)
        {
            warnings.Add(NoKey);
        }

        if (vpn is null)
        {
            warnings.Add(NoVpn);
        }

        return warnings;
    }

    public static byte[] Zip(Uri address, ProjectId project, Ec2Key? key, VpnEndpoint? vpn)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "novarc", Novarc(address, project, key));
            if (vpn is not null)
            {
                Write(zip, "client.ovpn", Vpn(vpn));
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Values have no character that a shell reads as something else: they are ids, letters and URLs.</summary>
    private static string Novarc(Uri address, ProjectId project, Ec2Key? key)
    {
        string ec2 = new Uri(address, Ec2Endpoint.Path).ToString();
        var text = new StringBuilder();
        text.Append("# Of project ").Append(project).Append(". To be sourced: . ./novarc\n");
        Export(text, "NOVA_URL", address.ToString().TrimEnd('/'));
        Export(text, "NOVA_PROJECT", project.Value);
        Export(text, "NOVA_PROJECT_ID", project.Value);
        Export(text, "OS_PROJECT_ID", project.Value);
        Export(text, "OS_COMPUTE_API_VERSION", "1.1");
        if (key is not null)
        {
            text.Append("# EC2's API; euca2ools read the first three, boto3 and awscli the others.\n");
            Export(text, "EC2_URL", ec2);
            Export(text, "EC2_ACCESS_KEY", key.AccessKey);
            Export(text, "EC2_SECRET_KEY", key.Secret);
            Export(text, "AWS_ENDPOINT_URL_EC2", ec2);
            Export(text, "AWS_DEFAULT_REGION", Ec2Instance.Zone);
            Export(text, "AWS_ACCESS_KEY_ID", key.AccessKey);
            Export(text, "AWS_SECRET_ACCESS_KEY", key.Secret);
        }

        return text.ToString();
    }

    private static string Vpn(VpnEndpoint vpn) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        client
        dev tun
        proto udp
        remote {vpn.Address} {vpn.Port}
        resolv-retry infinite
        nobind
        # ca, cert and key are those of the VPN server in the project's network.

        """).ReplaceLineEndings("\n");

    private static void Export(StringBuilder text, string name, string value) =>
        text.Append("export ").Append(name).Append("='").Append(value).Append("'\n");

    private static void Write(ZipArchive zip, string name, string text)
    {
        using Stream entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }
}
