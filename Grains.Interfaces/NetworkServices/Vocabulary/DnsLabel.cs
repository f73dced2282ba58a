namespace NovaOrleans.Vocabulary;

/// <summary>An instance's name as a DNS label (RFC 1035): letters, digits and inner hyphens, at most 63.</summary>
public static class DnsLabel
{
    private const int Longest = 63;

    /// <summary>A name that leaves nothing, as one in another script, gives <c>host-10-0-0-7</c>.</summary>
    public static string Of(string name, Ip4Address? address)
    {
        IEnumerable<char> letters =
            name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-');
        string label = new string([.. letters]).Trim('-');
        if (label.Length == 0 || !char.IsAsciiLetter(label[0]))
        {
            string suffix = label.Length == 0 ? $"{address}".Replace('.', '-') : label;
            label = "host-" + suffix;
        }

        return label.Length <= Longest ? label : label[..Longest].TrimEnd('-');
    }
}
