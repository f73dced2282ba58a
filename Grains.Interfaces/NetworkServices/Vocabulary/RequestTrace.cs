namespace NovaOrleans.Vocabulary;

/// <summary>
/// The id of the request that a call belongs to. The facade takes or makes it, Orleans carries it with every call, a host's records
/// and an agent's log lines name it: one id finds them all.
/// </summary>
public static class RequestTrace
{
    public const string Accepts = "1 to 64 letters, digits, '-', '_', '.' and ':'";

    private const string Key = "nova.request";
    private const int Longest = 64;

    /// <summary>Null outside of a request.</summary>
    public static string? Current => RequestContext.Get(Key) as string;

    public static void Begin(string id) => RequestContext.Set(Key, id);

    /// <summary>What comes from outside is written to logs: it must not be able to forge a line.</summary>
    public static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > Longest)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':'))
            {
                return false;
            }
        }

        return true;
    }
}
