using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Api.Ec2.Signing;

/// <summary>
/// Signature version 4, in the <c>Authorization</c> header: an HMAC over a hash of the request, with a key that is derived for
/// one day, region and service.
/// </summary>
internal static class SignatureV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string Ending = "aws4_request";
    public const string TimeHeader = "x-amz-date";
    public const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>What the header says; <paramref name="Signature"/> is hexadecimal.</summary>
    public sealed record Claim(
        string AccessKey, string Day, string Region, string Service, IReadOnlyList<string> SignedHeaders, string Signature)
    {
        public string Scope => $"{Day}/{Region}/{Service}/{Ending}";
    }

    /// <summary><c>AWS4-HMAC-SHA256 Credential=…/day/region/service/aws4_request, SignedHeaders=a;b, Signature=…</c></summary>
    public static Claim? Read(string authorization)
    {
        if (!authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        Dictionary<string, string> parts = [];
        foreach (string part in authorization[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parts[part[..equals]] = part[(equals + 1)..];
            }
        }

        return parts.GetValueOrDefault("Credential")?.Split('/') is [var key, var day, var region, var service, Ending]
            && parts.TryGetValue("SignedHeaders", out string? headers) && parts.TryGetValue("Signature", out string? signature)
                ? new Claim(key, day, region, service, headers.Split(';'), signature)
                : null;
    }

    /// <summary><paramref name="time"/> is what the time header says, as it says it.</summary>
    public static byte[] Of(string secret, SignedMessage message, Claim claim, string time)
    {
        string text = string.Join(
            '\n', Algorithm, time, claim.Scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalRequest(message, claim)))));
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (string step in (string[])[claim.Day, claim.Region, claim.Service, Ending])
        {
            key = Mac(key, step);
        }

        return Mac(key, text);
    }

    private static string CanonicalRequest(SignedMessage message, Claim claim)
    {
        var text = new StringBuilder();
        text.Append(message.Method).Append('\n').Append(message.Path.Length == 0 ? "/" : message.Path).Append('\n');
        text.Append(SignedMessage.Canonical(message.Query)).Append('\n');
        foreach (string name in claim.SignedHeaders)
        {
            text.Append(name).Append(':').Append(Folded(message.Header(name) ?? "")).Append('\n');
        }

        text.Append('\n').AppendJoin(';', claim.SignedHeaders).Append('\n');
        return text.Append(Hex(SHA256.HashData(message.Body.Span))).ToString();
    }

    /// <summary>Without blanks around it, and with one where there were several.</summary>
    private static string Folded(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
