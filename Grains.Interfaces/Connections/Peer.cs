using System.Diagnostics.CodeAnalysis;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Connections;

/// <summary>
/// Who a certificate says that its holder is, by one URI among its alternative names: <c>nova://silo</c>, <c>nova://api</c>,
/// <c>nova://admin</c> or <c>nova://host/web1</c>. A client of the cluster says the same in front of its Orleans id, where the
/// gateway holds it against the certificate.
/// </summary>
/// <param name="Role">What it is.</param>
/// <param name="Host">Of a compute host, which one.</param>
public sealed record Peer(PeerRole Role, HostName? Host = null)
{
    public const string Scheme = "nova://";

    public const string Accepts = "nova://silo, nova://api, nova://admin or nova://host/NAME";

    private static readonly Peer[] s_nameless = [new(PeerRole.Silo), new(PeerRole.Api), new(PeerRole.Admin)];

    public string Uri => Host is { } host ? $"{Scheme}host/{host}" : $"{Scheme}{Word}";

    /// <summary>What the Orleans id of this peer's clients begins with; no host's name has a colon.</summary>
    public string ClientPrefix => Host is { } host ? $"host:{host}:" : $"{Word}:";

    private string Word => Role.ToString().ToLowerInvariant();

    public static bool TryParse(string uri, [NotNullWhen(true)] out Peer? peer)
    {
        peer = s_nameless.FirstOrDefault(p => p.Uri == uri);
        const string host = $"{Scheme}host/";
        if (uri.StartsWith(host, StringComparison.Ordinal) && HostName.TryParse(uri[host.Length..], out HostName name))
        {
            peer = new Peer(PeerRole.Host, name);
        }

        return peer is not null;
    }

    /// <summary>Whose client has this id; null where the id says nothing of the kind.</summary>
    public static Peer? OfClient(string id)
    {
        string[] words = id.Split(':');
        return words switch
        {
            [_, _] => s_nameless.FirstOrDefault(p => id.StartsWith(p.ClientPrefix, StringComparison.Ordinal)),
            ["host", var host, _] when HostName.TryParse(host, out HostName name) => new Peer(PeerRole.Host, name),
            _ => null,
        };
    }

    public override string ToString() => Host is { } host ? $"host {host}" : Word;
}
