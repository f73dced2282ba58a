using System.CommandLine;

namespace NovaOrleans.Manage;

/// <summary>The <c>network</c> verbs of old (seed S75): they say where they moved, and fail, so that no script believes them.</summary>
internal static class ObsoleteNetworkCommand
{
    /// <summary>nova-manage's verbs of 2011, and what each is here; SERVICE stands for the network's service.</summary>
    private static readonly (string Verb, string Now)[] s_moved =
    [
        ("create", "nova-manage SERVICE network create LABEL --cidr CIDR"),
        ("list", "nova-manage SERVICE network list"),
        ("delete", "nova-manage SERVICE network delete NETWORK_ID"),
        ("modify", "nova-manage SERVICE network modify NETWORK_ID"),
        ("quantum_list", "nova-manage SERVICE network list"),
    ];

    public static Command Make()
    {
        var rest = new Argument<string[]>("verb") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("network", "Obsolete: networks are managed under their network service") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, _) =>
        {
            string? verb = parsed.GetValue(rest)?.FirstOrDefault();
            string now = s_moved.FirstOrDefault(m => m.Verb == verb).Now
                ?? string.Join(", ", s_moved.Select(m => m.Now).Distinct());
            await Console.Error.WriteLineAsync(
                $"nova-manage: 'network{(verb is null ? "" : " " + verb)}' moved to the network service that the network is of: {now} "
                + "(SERVICE is flat, flat_dhcp, vlan or what 'nova-manage services' lists)");
            return ApiFault.NotUnderstood;
        });
        return command;
    }
}
