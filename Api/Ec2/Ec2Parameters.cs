using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NovaOrleans.Api.Ec2.Signing;

namespace NovaOrleans.Api.Ec2;

/// <summary>
/// The parameters of a Query API request, read once: what is wrong is gathered and told together, and what nobody read is
/// refused, so that nothing is asked for in vain.
/// </summary>
internal sealed class Ec2Parameters
{
    public const int Most = 2000;

    /// <summary>Of every request: read by the signature, or by the endpoint.</summary>
    private static readonly HashSet<string> OfTheProtocol =
    [
        "Action", "Version", "AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp", "Expires",
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = [];
    private readonly List<Ec2Fault> _faults = [];

    public Ec2Parameters(IEnumerable<KeyValuePair<string, string>> given)
    {
        foreach ((string name, string value) in given)
        {
            if (!_values.TryAdd(name, value))
            {
                Reject(new Ec2Fault("InvalidParameterCombination", $"Parameter '{BodyText.Shown(name)}' is given twice."));
            }
        }
    }

    /// <summary>Names and values of a query or a form; null where there are more than <see cref="Most"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Parse(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        string[] pairs = text.Split('&', StringSplitOptions.RemoveEmptyEntries);
        return pairs.Length > Most ? null : [.. pairs.Select(Pair)];
    }

    public string? Text(string name)
    {
        _read.Add(name);
        return _values.GetValueOrDefault(name);
    }

    /// <summary>The text, which must be there and be acceptable; otherwise empty, and a fault.</summary>
    public string Required(string name, Func<string, bool> accept, string accepts)
    {
        if (Text(name) is not { } text)
        {
            Reject(Ec2Fault.Missing(name));
            return "";
        }

        return Accepted(name, text, accept, accepts) ?? "";
    }

    public string? Optional(string name, Func<string, bool> accept, string accepts) =>
        Text(name) is { } text ? Accepted(name, text, accept, accepts) : null;

    public int? Integer(string name, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= least && number <= most)
        {
            return number;
        }

        Reject(Ec2Fault.Invalid(name, text, string.Create(
            CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")));
        return null;
    }

    /// <summary>True where the parameter is <c>true</c>; absent is false.</summary>
    public bool Flag(string name) => Optional(name, t => t is "true" or "false", "true or false") == "true";

    /// <summary>The values of <c>Name.1</c>, <c>Name.2</c>, … in the order of their numbers.</summary>
    public IReadOnlyList<string> List(string name) =>
        [.. Numbers(name).Select(n => Text(string.Create(CultureInfo.InvariantCulture, $"{name}.{n}"))).OfType<string>()];

    /// <summary>The numbers that occur behind the name, as in <c>Name.2.Field</c>, in order.</summary>
    public IReadOnlyList<int> Numbers(string name) => [.. _values.Keys
        .Where(k => k.StartsWith(name + ".", StringComparison.Ordinal))
        .Select(k => k[(name.Length + 1)..].Split('.')[0])
        .Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)
        .Where(n => n >= 0).Distinct().Order()];

    /// <summary>A hash of everything but what the protocol itself asks for: the same request has the same.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        SignedMessage.Canonical(_values.Where(v => v.Key == "Action" || !OfTheProtocol.Contains(v.Key))))));

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>What begins so is left unread on purpose.</summary>
    public void Ignore(string name) =>
        _read.UnionWith(_values.Keys.Where(k => k == name || k.StartsWith(name + ".", StringComparison.Ordinal)));

    public void Reject(Ec2Fault fault) => _faults.Add(fault);

    /// <summary>All that is wrong, with what was given and not read.</summary>
    public Ec2Fault? Faults()
    {
        foreach (string unknown in _values.Keys.Where(k => !_read.Contains(k) && !OfTheProtocol.Contains(k)))
        {
            Reject(new Ec2Fault(
                "UnknownParameter", $"Parameter '{BodyText.Shown(unknown)}' is not known here, and would be ignored."));
        }

        return _faults.Count == 0 ? null : _faults[0] with { More = [.. _faults.Skip(1).Take(20)] };
    }

    private string? Accepted(string name, string text, Func<string, bool> accept, string accepts)
    {
        if (accept(text))
        {
            return text;
        }

        Reject(Ec2Fault.Invalid(name, text, accepts));
        return null;
    }

    private static KeyValuePair<string, string> Pair(string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(Plain(pair), "") : new(Plain(pair[..equals]), Plain(pair[(equals + 1)..]));
    }

    private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
