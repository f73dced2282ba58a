using System.Globalization;
using System.Security.Cryptography;
using NovaOrleans.Ec2;

namespace NovaOrleans.Api.Ec2.Signing;

/// <summary>
/// Says which key signed a request, and that it did: signature version 2 or 4, made within a quarter of an hour of now.
/// </summary>
internal sealed class Ec2Signatures(IGrainFactory grains, TimeProvider clock)
{
    public static TimeSpan Skew { get; } = TimeSpan.FromMinutes(15);

    private const string ServiceName = "ec2";

    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    private static readonly Ec2Fault Unsigned = new(
        "MissingAuthenticationToken", "The request is not signed: signature version 2 or 4 of an EC2 key is accepted.", 403);

    private static readonly Ec2Fault UnknownKey = new(
        "InvalidClientTokenId", "There is no such access key, or it was deleted.", 403);

    private static readonly Ec2Fault WrongSignature = new(
        "SignatureDoesNotMatch",
        "The signature is not the one that this request has with the key's secret: look at the secret and at how it is signed.", 403);

    /// <summary>The key, or why the request is not taken for one of its.</summary>
    public async Task<(Ec2Key? Key, Ec2Fault? Fault)> Check(SignedMessage message)
    {
        if (message.Header("authorization") is { } authorization)
        {
            return SignatureV4.Read(authorization) is { } claim
                ? await CheckV4(message, claim)
                : (null, Incomplete("Header 'Authorization' is no signature version 4: "
                    + $"{SignatureV4.Algorithm} Credential=KEY/DAY/REGION/{ServiceName}/{SignatureV4.Ending}, "
                    + "SignedHeaders=…, Signature=…"));
        }

        Dictionary<string, string> parameters = [];
        foreach ((string name, string value) in message.Query.Concat(message.Form))
        {
            parameters[name] = value;
        }

        return parameters.TryGetValue("AWSAccessKeyId", out string? accessKey)
            ? await CheckV2(message, accessKey, parameters)
            : (null, Unsigned);
    }

    private async Task<(Ec2Key? Key, Ec2Fault? Fault)> CheckV4(SignedMessage message, SignatureV4.Claim claim)
    {
        if (claim.Service != ServiceName)
        {
            return (null, Incomplete($"The signature's scope is {BodyText.Shown(claim.Scope)}; accepted is service '{ServiceName}'."));
        }

        // Without them in it, a signature could be moved to another server, or be used for ever.
        if (!claim.SignedHeaders.Contains("host") || !claim.SignedHeaders.Contains(SignatureV4.TimeHeader)
            || message.Header(SignatureV4.TimeHeader) is not { } time)
        {
            return (null, Incomplete($"The signature must cover the headers 'host' and '{SignatureV4.TimeHeader}'."));
        }

        if (!DateTimeOffset.TryParseExact(
            time, SignatureV4.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset made)
            || !time.StartsWith(claim.Day, StringComparison.Ordinal) || claim.Day.Length != 8)
        {
            return (null, Incomplete(
                $"Header '{SignatureV4.TimeHeader}' was '{BodyText.Shown(time)}'; accepted is a time of the scope's day, as in "
                    + "20260830T123600Z."));
        }

        return Late(made) is { } late
            ? (null, late)
            : await Compare(claim.AccessKey, key => SignatureV4.Of(key.Secret, message, claim, time), FromHex(claim.Signature));
    }

    private async Task<(Ec2Key? Key, Ec2Fault? Fault)> CheckV2(
        SignedMessage message, string accessKey, Dictionary<string, string> parameters)
    {
        string? method = parameters.GetValueOrDefault("SignatureMethod");
        if (parameters.GetValueOrDefault("SignatureVersion") != "2" || method is not (SignatureV2.Sha1 or SignatureV2.Sha256)
            || !parameters.TryGetValue(SignatureV2.Parameter, out string? signature))
        {
            return (null, Incomplete(
                $"Signature version 2 has Signature, SignatureVersion=2 and SignatureMethod={SignatureV2.Sha256} or {SignatureV2.Sha1}."));
        }

        bool ends = parameters.TryGetValue("Expires", out string? expires);
        string? given = ends ? expires : parameters.GetValueOrDefault("Timestamp");
        if (!DateTimeOffset.TryParseExact(
            given, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return (null, Incomplete(
                $"The time was '{BodyText.Shown(given ?? "")}'; give Timestamp, or Expires, as in 2026-08-30T12:36:00Z."));
        }

        return (ends ? Expired(time) : Late(time)) is { } late
            ? (null, late)
            : await Compare(accessKey, key => SignatureV2.Of(key.Secret, message, method), FromBase64(signature));
    }

    private async Task<(Ec2Key? Key, Ec2Fault? Fault)> Compare(string accessKey, Func<Ec2Key, byte[]> expected, byte[] given)
    {
        Ec2Key? key = accessKey.Length is > 0 and <= Ec2Key.LongestAccessKey
            ? await grains.GetGrain<IEc2KeyGrain>(accessKey).Find()
            : null;
        return key is null ? (null, UnknownKey)
            : CryptographicOperations.FixedTimeEquals(expected(key), given) ? (key, null)
            : (null, WrongSignature);
    }

    private Ec2Fault? Late(DateTimeOffset made) =>
        (clock.GetUtcNow() - made).Duration() > Skew
            ? new Ec2Fault("RequestExpired", string.Create(
                CultureInfo.InvariantCulture,
                $"The request was signed at {made:O}, and it is {clock.GetUtcNow():O} here; {Skew.TotalMinutes} minutes are allowed."))
            : null;

    private Ec2Fault? Expired(DateTimeOffset expires) =>
        clock.GetUtcNow() > expires
            ? new Ec2Fault("RequestExpired", string.Create(
                CultureInfo.InvariantCulture, $"The request expired at {expires:O}, and it is {clock.GetUtcNow():O} here."))
            : null;

    private static byte[] FromHex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static Ec2Fault Incomplete(string why) => new("IncompleteSignature", why, 403);
}
