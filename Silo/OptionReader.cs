using System.Net;
using NovaOrleans.Api.Listening;
using NovaOrleans.Connections;
using NovaOrleans.Projects;
using NovaOrleans.Silo.Hosting;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Silo;

/// <summary>Reads options one by one; what cannot be read is a sentence in <see cref="Faults"/>, and its default instead.</summary>
internal sealed class OptionReader(IConfiguration configuration)
{
    public List<string> Faults { get; } = [];

    public int Port(string name, int byDefault) =>
        configuration[name] is not { } text ? byDefault
        : int.TryParse(text, out int port) && port is > 0 and < 65536 ? port
        : Fault($"--{name} was '{text}'; accepted is a port from 1 to 65535.", byDefault);

    public int Number(string name, int byDefault, int least, int most) =>
        configuration[name] is not { } text ? byDefault
        : int.TryParse(text, out int number) && number >= least && number <= most ? number
        : Fault($"--{name} was '{text}'; accepted is a number from {least} to {most}.", byDefault);

    public T Choice<T>(string name, T byDefault) where T : struct, Enum =>
        configuration[name] is not { } text ? byDefault
        : Enum.TryParse(text, ignoreCase: true, out T choice) && Enum.IsDefined(choice) ? choice
        : Fault(
            $"--{name} was '{text}'; accepted is {string.Join(" or ", Enum.GetNames<T>()).ToLowerInvariant()}.", byDefault);

    public bool Flag(string name) =>
        configuration[name] is not { } text ? false
        : bool.TryParse(text, out bool set) ? set
        : Fault($"--{name} was '{text}'; accepted is true or false.", false);

    public string Identifier(string name, string byDefault) =>
        configuration[name] is not { } text ? byDefault
        : Names.IsIdentifier(text, 64) ? text
        : Fault($"--{name} was '{text}'; accepted are up to 64 letters, digits, '-', '_' and '.'.", byDefault);

    public HostName Host(string byDefault) =>
        HostName.TryParse(configuration["host"] ?? byDefault, out HostName name) ? name
        : Fault($"--host was '{configuration["host"]}'; accepted is {HostName.Accepts}.", HostName.Parse("localhost"));

    /// <summary>Where other silos and clients reach this one; of an embedded server that is the loopback address.</summary>
    public IPAddress Address(bool cluster)
    {
        if (configuration["address"] is not { } text)
        {
            return IPAddress.Loopback;
        }

        return !cluster
            ? Fault("--address is for a cluster (--database); an embedded server stays on the loopback address.", IPAddress.Loopback)
            : IPAddress.TryParse(text, out IPAddress? address) && !address.Equals(IPAddress.Any)
                && !address.Equals(IPAddress.IPv6Any) ? address
            : Fault($"--address was '{text}'; accepted is this machine's address on the control network.", IPAddress.Loopback);
    }

    /// <summary>Of a cluster, beyond the loopback address: a must. This machine's agent needs one of its own.</summary>
    public CertificateFiles? Certificates(bool cluster)
    {
        (CertificateFiles? files, string? fault) = CertificateFiles.From(configuration);
        if (fault is not null)
        {
            return Fault(fault, files);
        }

        if (!cluster)
        {
            return files is null ? null : Fault(
                $"--{CertificateFiles.CertificateSetting} is for a cluster (--database): an embedded server is on the loopback address.",
                files);
        }

        if (files is null && !IPAddress.IsLoopback(Address(cluster)))
        {
            Faults.Add($"--address is {configuration["address"]}: beyond the loopback address a cluster needs --cluster_certificate, "
                + "--cluster_key and --cluster_ca; 'nova-manage certificate' makes them.");
        }

        return files is not null && configuration["agent"] is { } agent && agent != "none"
            && AgentProcess.Certificates(configuration) is null
            ? Fault("--agent needs --agent_certificate and --agent_key here: 'nova-manage certificate host' makes them.", files)
            : files;
    }

    public string Urls()
    {
        string urls = configuration["urls"] ?? "http://127.0.0.1:8774";
        Faults.AddRange(ListenAddresses.Faults(urls, configuration));
        return urls;
    }

    /// <summary><c>--quota_floating_ips</c> and the like, for projects without a limit of their own.</summary>
    public QuotaDefaults Quotas()
    {
        var set = new Dictionary<QuotaKind, long>();
        foreach (QuotaKind kind in Quota.Kinds)
        {
            string name = $"quota_{Quota.NameOf(kind)}";
            if (configuration[name] is { } text)
            {
                set[kind] = long.TryParse(text, out long limit) && Quota.IsLimit(limit)
                    ? limit
                    : Fault($"--{name} was '{text}'; accepted is {Quota.Accepts}.", Quota.UsualLimit(kind));
            }
        }

        return new QuotaDefaults { Set = set };
    }

    private T Fault<T>(string sentence, T instead)
    {
        Faults.Add(sentence);
        return instead;
    }
}
