using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// A number for each combination of groups, the same after any restart: from its text, and where two would meet the later one in
/// order takes the next free one. Pure.
/// </summary>
public static class GroupNumbers
{
    public static ImmutableSortedDictionary<string, uint> Of(IEnumerable<string> texts, uint highest = uint.MaxValue)
    {
        var numbers = DesiredHost.Named<uint>().ToBuilder();
        HashSet<uint> taken = [];
        foreach (string text in texts.Distinct().Order(StringComparer.Ordinal))
        {
            uint number = BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text))) % highest;
            // 0 is a packet that nobody has looked at.
            while (number == 0 || !taken.Add(number))
            {
                number = (number + 1) % highest;
            }

            numbers[text] = number;
        }

        return numbers.ToImmutable();
    }

    public static string TextOf(IEnumerable<SecurityGroupId> groups) =>
        string.Join(' ', groups.Select(g => g.ToString()).Distinct().Order(StringComparer.Ordinal));
}
