using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// What is desired of each subject, as a digest of what it would take to make it on a bare host: whatever a plan has
/// words for is covered, and so is what it will have words for. Pure.
/// </summary>
public static class Fingerprints
{
    public static ImmutableDictionary<string, string> Of(ActualHost actual, DesiredHost desired)
    {
        // What is not ours stays where it is: it decides what can be made at all.
        ActualHost bare = new()
        {
            Links = actual.Links.RemoveRange(actual.Links.Values.Where(l => l.Ours).Select(l => l.Name)),
            Switch = actual.Switch is null ? null : actual.Switch with
            {
                Fault = null,
                Bridges = actual.Switch.Bridges.RemoveRange(
                    actual.Switch.Bridges.Values.Where(b => b.Ours).Select(b => b.Name)),
            },
        };
        return Planner.Make(bare, desired).Steps.GroupBy(s => s.Subject, StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, Digest, StringComparer.Ordinal);
    }

    private static string Digest(IEnumerable<Step> steps)
    {
        StringBuilder text = new();
        foreach (Step step in steps)
        {
            text.Append(step).Append('\n');
            if (step is StartDhcp dhcp)
            {
                text.Append(DhcpText.Configuration(dhcp.Scope));
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
