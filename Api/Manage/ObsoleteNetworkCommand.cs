using System.CommandLine;

namespace NovaOrleans.Manage;

/// <summary>The <c>network</c> verbs of old (seed S75): they say where they moved, and fail, so that no script believes them.</summary>
internal static class ObsoleteNetworkCommand
{
    public static Command Make()
    {
        var rest = new Argument<string[]>("verb") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("network", "Obsolete: networks are managed under their network service") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, _) =>
        {
            string verb = parsed.GetValue(rest) is [{ } first, ..] ? first : "list";
            await Console.Error.WriteLineAsync(
                $"nova-manage: 'network {verb}' moved to the network service that the network is of, "
                + $"as in: nova-manage vlan network {verb}. See: nova-manage services");
            return ApiFault.NotUnderstood;
        });
        return command;
    }
}
