using System.CommandLine;

namespace NovaOrleans.Manage;

/// <summary>
/// The verbs of old that were about networks (seed S75): they say where they moved, and fail, so that no script believes them.
/// </summary>
internal static class MovedCommands
{
    /// <summary>What is now under a network service's name, and what these words are by themselves there.</summary>
    private static readonly (string Group, string Of)[] s_groups =
    [
        ("network", "networks are"),
        ("card", "cards are"),
        ("fixed", "fixed IPs are"),
        ("floating", "floating IPs are"),
        ("vpn", "VPNs are"),
    ];

    /// <summary>nova-manage's network verbs of 2011 that are not the same words now.</summary>
    private static readonly Dictionary<string, string> s_otherwise = new(StringComparer.Ordinal)
    {
        ["network create"] = "network create LABEL --cidr CIDR",
        ["network delete"] = "network delete NETWORK_ID",
        ["network modify"] = "network modify NETWORK_ID",
        ["network quantum_list"] = "network list",
    };

    public static IEnumerable<Command> All() => s_groups.Select(g => Make(g.Group, g.Of));

    private static Command Make(string group, string of)
    {
        var rest = new Argument<string[]>("verb") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(group, $"Obsolete: {of} managed under their network service") { rest };
        command.Hidden = group != "network";
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, _) =>
        {
            string[] words = [group, .. parsed.GetValue(rest) ?? []];
            string now = s_otherwise.GetValueOrDefault(string.Join(' ', words.Take(2)))
                ?? string.Join(' ', [.. words, .. parsed.UnmatchedTokens]);
            await Console.Error.WriteLineAsync(
                $"nova-manage: '{string.Join(' ', words.Take(2))}' moved, {of} managed under their network service: "
                + $"nova-manage SERVICE {now} (SERVICE is flat, flat_dhcp, vlan or what 'nova-manage services' lists)");
            return ApiFault.NotUnderstood;
        });
        return command;
    }
}
