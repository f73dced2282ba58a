namespace NovaOrleans.Vocabulary;

/// <summary>
/// What a name given from outside may look like. Names reach <c>ip</c>, <c>nft</c>, dnsmasq and XML, so what is not
/// accepted here never gets near them.
/// </summary>
public static class Names
{
    public const string LabelAccepts =
        "1 to 255 printable characters without quotes, backslash, ';', '<', '>' or a line break";

    public const string LinkAccepts = "1 to 15 letters, digits, '.', '_' or '-', beginning with a letter";

    /// <summary>Ids and host names: letters, digits, <c>. _ -</c>; the first is a letter or digit.</summary>
    public static bool IsIdentifier(string? text, int longest)
    {
        if (string.IsNullOrEmpty(text) || text.Length > longest || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A label for people: see <see cref="LabelAccepts"/>. Empty is no label.</summary>
    public static bool IsLabel(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 255)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '"' or '\'' or '`' or '\\' or ';' or '<' or '>')
            {
                return false;
            }
        }

        return true;
    }

    public const string DomainAccepts = "a DNS domain: labels of 1 to 63 letters, digits and inner hyphens, joined by '.'";

    /// <summary>A DNS domain without a dot at its end, at most 190 characters: a guest's label goes before it (RFC 1035).</summary>
    public static bool IsDomain(string? text) => text is { Length: > 0 and <= 190 } && text.Split('.').All(IsDnsLabel);

    /// <summary>RFC 1123: letters, digits and inner hyphens, 1 to 63 of them.</summary>
    public static bool IsDnsLabel(string text) => text.Length is > 0 and <= 63 && text[0] != '-' && text[^1] != '-'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>A kernel link's name: IFNAMSIZ allows 15 characters; the alphabet is ours, narrower than the kernel's.</summary>
    public static bool IsLink(string? text) =>
        text is not null && IsIdentifier(text, 15) && char.IsAsciiLetter(text[0]);
}
