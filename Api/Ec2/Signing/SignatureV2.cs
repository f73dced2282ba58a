using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Api.Ec2.Signing;

/// <summary>Signature version 2: an HMAC over method, host, path and the sorted parameters, itself one of them.</summary>
internal static class SignatureV2
{
    public const string Sha1 = "HmacSHA1";
    public const string Sha256 = "HmacSHA256";
    public const string Parameter = "Signature";

    /// <summary>The signature's bytes; they travel in base64.</summary>
    public static byte[] Of(string secret, SignedMessage message, string method)
    {
        string text = string.Join(
            '\n', message.Method, message.Host.ToLowerInvariant(), message.Path.Length == 0 ? "/" : message.Path,
            SignedMessage.Canonical(message.Query.Concat(message.Form).Where(p => p.Key != Parameter)));
        byte[] key = Encoding.UTF8.GetBytes(secret);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return method == Sha1 ? WithSha1(key, bytes) : HMACSHA256.HashData(key, bytes);
    }

#pragma warning disable CA5350 // The protocol's first method; as a MAC, SHA-1 is not broken, and clients of 2011 know no other.
    private static byte[] WithSha1(byte[] key, byte[] bytes) => HMACSHA1.HashData(key, bytes);
#pragma warning restore CA5350
}
