using System.Net;

namespace NovaOrleans.Api.Listening;

/// <summary>Where the API may listen: beyond the loopback address by TLS alone, for a token that is read on the way is anybody's.</summary>
public static class ListenAddresses
{
    /// <summary>An admin token that was made by hand, for a server that strangers reach.</summary>
    public const int ShortestTokenBeyondLoopback = 32;

    /// <summary>
    /// Says that something in front of this server ends TLS, as a proxy of the same pod does; then it may listen in the clear.
    /// </summary>
    public const string ProxySetting = "behind_tls_proxy";

    /// <summary>
    /// Where the settings say to listen: <c>urls</c>, or else the ports that container images set, which are open to all.
    /// </summary>
    public static string Of(IConfiguration settings)
    {
        return settings["urls"] ?? string.Join(';', Open("http").Concat(Open("https")));

        IEnumerable<string> Open(string scheme) => (settings[$"{scheme}_ports"] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(port => $"{scheme}://*:{port}");
    }

    /// <summary>What is wrong with the addresses, in sentences.</summary>
    public static IEnumerable<string> Faults(string urls, IConfiguration settings)
    {
        bool certificate = settings["tls_certificate"] is not null;
        bool proxy = string.Equals(settings[ProxySetting], "true", StringComparison.OrdinalIgnoreCase);
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress? address = Parse(url);
            if (address is null)
            {
                yield return $"--urls was '{url}'; accepted are URLs to listen on, as http://127.0.0.1:8774 or https://0.0.0.0:8774.";
            }
            else if (address.Scheme == Uri.UriSchemeHttps && !certificate)
            {
                yield return $"--urls was '{url}'; https needs --tls_certificate and --tls_key.";
            }
            else if (address.Scheme != Uri.UriSchemeHttps && !IsLoopback(address) && !proxy)
            {
                yield return $"--urls was '{url}'; beyond the loopback address the API listens with TLS only: give https:// with "
                    + "--tls_certificate and --tls_key, or listen on http://127.0.0.1:8774.";
            }
        }
    }

    /// <summary>Whether strangers reach one of them.</summary>
    public static bool AreBeyondLoopback(string urls) => urls
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Any(u => Parse(u) is { } address && !IsLoopback(address));

    /// <exception cref="OperatingFaultException">An address may not be listened on, or its admin token is too short.</exception>
    public static void Check(string urls, IConfiguration settings, string adminToken)
    {
        if (Faults(urls, settings).FirstOrDefault() is { } fault)
        {
            throw new OperatingFaultException(fault, mayRetry: false);
        }

        if (AreBeyondLoopback(urls) && adminToken.Length < ShortestTokenBeyondLoopback)
        {
            throw new OperatingFaultException(
                $"The admin token has {adminToken.Length} characters; beyond the loopback address it has {ShortestTokenBeyondLoopback} "
                    + "at least. Delete its file, and the next start makes one.",
                mayRetry: false);
        }
    }

    private static BindingAddress? Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsLoopback(BindingAddress address) => address.IsUnixPipe
        || address.Host == "localhost"
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
