using System.CommandLine;
using System.Security.Cryptography;

namespace NovaOrleans.Manage;

/// <summary>
/// The certificates of a cluster's processes. Files are all that it needs: no API is asked, and the CA's key is on the machine
/// where this runs, which need be none of the cluster's.
/// </summary>
internal static class CertificateCommands
{
    private static readonly Option<string> s_folder = new("--folder")
    {
        Recursive = true,
        Description = "where the CA's files are, and the new ones go",
        DefaultValueFactory = _ => "certificates",
    };

    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = "the compute host's name, as its agent has it (--host)" };
        Command host = Leaf("host", "For a compute host's agent: it reaches that host's own grain and nothing else");
        host.Add(name);
        host.SetAction((parsed, _) => Say(parsed, (folder, days) => Issue(folder, $"host/{parsed.GetValue(name)}", days)));
        var all = new Command(
            "certificate", "Certificates of a cluster's processes (--cluster_certificate); works on files, without an API")
        {
            Authority(),
            Nameless("silo", "For members of the cluster; all of them may have the same"),
            Nameless("api", "For the HTTP facade"),
            host,
            Nameless("admin", "For an operator's own Orleans client: it may call everything"),
        };
        all.Add(s_folder);
        return all;
    }

    private static Command Authority()
    {
        Command ca = WithDays("ca", "A new CA: the first step", 3650);
        ca.SetAction((parsed, _) => Say(parsed, (folder, days) =>
        {
            var maker = new CertificateMaker(folder, TimeProvider.System);
            DateTimeOffset until = maker.MakeAuthority(days);
            return $"""
                {maker.AuthorityFile} is the CA of a new cluster until {until:yyyy-MM-dd}: every machine of the cluster gets it.
                {maker.AuthorityKey} signs for it: it stays here.

                Next: nova-manage certificate silo, certificate api, and certificate host NAME for each compute host
                """;
        }));
        return ca;
    }

    private static Command Nameless(string role, string description)
    {
        Command command = Leaf(role, description);
        command.SetAction((parsed, _) => Say(parsed, (folder, days) => Issue(folder, role, days)));
        return command;
    }

    private static string Issue(string folder, string role, int days)
    {
        var maker = new CertificateMaker(folder, TimeProvider.System);
        (string certificate, string key, DateTimeOffset until) = maker.Issue(role, days);
        return $"""
            {certificate} is of nova://{role} until {until:yyyy-MM-dd}, and {key} is its key, which only its owner may read.

            Next, where it is used: --cluster_certificate {certificate} --cluster_key {key} --cluster_ca {maker.AuthorityFile}
            A process reads them again when they change: to renew one, make it again and copy it over.
            """;
    }

    private static Command Leaf(string name, string description) => WithDays(name, description, 365);

    private static Command WithDays(string name, string description, int days)
    {
        var option = new Option<int>("--days")
        {
            Description = "how long it is good for",
            DefaultValueFactory = _ => days,
        };
        return new Command(name, description) { option };
    }

    private static async Task<int> Say(ParseResult parsed, Func<string, int, string> act)
    {
        try
        {
            int days = parsed.GetValue<int>("--days");
            if (days is < 1 or > 7300)
            {
                throw new ApiFault($"--days was {days}; accepted is 1 to 7300", ApiFault.NotUnderstood);
            }

            await Console.Out.WriteLineAsync(act(parsed.GetValue(s_folder)!, days));
            return 0;
        }
        catch (ApiFault fault)
        {
            await Console.Error.WriteLineAsync($"nova-manage: {fault.Message}");
            return fault.ExitStatus;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            await Console.Error.WriteLineAsync($"nova-manage: {e.Message}");
            return ApiFault.NotUnderstood;
        }
    }
}
