namespace NovaOrleans.Testing;

/// <summary>
/// A PostgreSQL's data folder as <c>initdb</c> makes it. It is made once for this build's output and copied after that: every test
/// process and every cluster has a server of its own, and a copy takes a tenth of the time.
/// </summary>
public static class PostgresData
{
    /// <summary>Whose the servers are, since they refuse to run as root.</summary>
    public const string Account = "postgres";

    /// <summary>Where Debian has the server's programs.</summary>
    public static string Binaries => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin"
        : throw new InvalidOperationException("PostgreSQL is not installed: install the Debian package postgresql-15.");

    /// <summary>Makes the folder, which must not be there; the folder that it is in must let the account through.</summary>
    public static async Task Make(string folder) => await Netns.Tool("cp", "-a", await Template(), folder);

    private static async Task<string> Template()
    {
        string version = Path.GetFileName(Path.GetDirectoryName(Binaries)!);
        string template = Path.Combine(NovaProcess.Artifacts, "postgres", version);
        if (!Directory.Exists(template))
        {
            await MakeTemplate(template);
        }

        return template;
    }

    /// <summary>Two may do so at once: the folder gets its name when it is whole, and the first one counts.</summary>
    private static async Task MakeTemplate(string template)
    {
        string made = Directory.CreateTempSubdirectory("nova-initdb-").FullName;
        string beside = $"{template}.{Guid.NewGuid():N}";
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await Netns.Tool("chown", Account, made);
            }

            string[] initdb =
            [
                $"{Binaries}/initdb", "-D", made, "-A", "trust", "-U", Account, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
                "--no-instructions",
            ];
            string[] command = AsAccount(initdb);
            await Netns.Tool(command[0], command[1..]);
            Directory.CreateDirectory(Path.GetDirectoryName(template)!);
            await Netns.Tool("cp", "-a", made, beside);
            Directory.Move(beside, template);
        }
        catch (IOException) when (Directory.Exists(template))
        {
            Directory.Delete(beside, recursive: true);
        }
        finally
        {
            Directory.Delete(made, recursive: true);
        }
    }

    /// <summary>setpriv becomes what it starts, and so the process id is the server's.</summary>
    public static string[] AsAccount(string[] command) => Environment.IsPrivilegedProcess
        ? ["/usr/bin/setpriv", $"--reuid={Account}", $"--regid={Account}", "--init-groups", "--", .. command]
        : command;
}
