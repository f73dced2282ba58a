using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace NovaOrleans.Connections;

/// <summary>Reads a certificate's alternative names.</summary>
public static class PeerNames
{
    private const string AlternativeNames = "2.5.29.17";
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);

    /// <summary>Null where it names no role, or more than one.</summary>
    public static Peer? Of(X509Certificate2 certificate)
    {
        List<Peer> peers = [];
        foreach (string uri in Uris(certificate).Where(u => u.StartsWith(Peer.Scheme, StringComparison.Ordinal)))
        {
            if (!Peer.TryParse(uri, out Peer? peer))
            {
                return null;
            }

            peers.Add(peer);
        }

        return peers.Count == 1 ? peers[0] : null;
    }

    private static List<string> Uris(X509Certificate2 certificate)
    {
        List<string> uris = [];
        foreach (X509Extension extension in certificate.Extensions.Where(e => e.Oid?.Value == AlternativeNames))
        {
            AsnReader names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(s_uri))
                {
                    // Some makers of certificates end an authority without a path by a slash.
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, s_uri).TrimEnd('/'));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }

        return uris;
    }
}
