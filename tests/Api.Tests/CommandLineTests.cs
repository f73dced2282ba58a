using NovaOrleans.Api.Callers.Keystone;

namespace NovaOrleans.Api.Tests;

/// <summary>What a server's command line must be: its help is the list of options, and what is wrong is said before anything starts.</summary>
public sealed class CommandLineTests
{
    private const string Help =
        """
        server [run] [options]   serves; a cluster's member with --database

          --data DIR             where things are
          --database TEXT        PostgreSQL
          --cluster_id ID        of several on one database
          --quota_fixed_ips N    of a project
          --allow-orphans        start anyway
        """;

    [Fact]
    public void Options_become_settings()
    {
        CommandLine read = CommandLine.Read(
            ["restore", "a file", "--data", "/var/lib/nova", "--allow-orphans", "--quota_fixed_ips", "-1", "--acme.blue:dead-peer-Timeout=1400"], Help);

        Assert.Empty(read.Faults);
        Assert.Equal(["restore", "a file"], read.Words);
        Assert.Equal(
            ["--data=/var/lib/nova", "--allow_orphans=true", "--quota_fixed_ips=-1", "--acme.blue:dead-peer-Timeout=1400"], read.Settings);
    }

    [Theory]
    [InlineData("--databse is no option here. Is --database meant? --help lists them.", "--databse", "Host=/tmp")]
    [InlineData("--databse is no option here. Is --database meant? --help lists them.", "run", "--databse=Host=/tmp")]
    [InlineData("--colour is no option here. --help lists them.", "--colour", "--allow-orphans")]
    [InlineData("-d is no option here. Is --data or --database meant? --help lists them.", "-d", "/var/lib/nova")]
    [InlineData("--data needs a value: --data VALUE.", "--data", "--allow-orphans")]
    [InlineData("--data needs a value: --data VALUE.", "--data=")]
    [InlineData("A word too many stands among the options: each takes one value at most.", "--allow-orphans", "true")]
    [InlineData("A word too many stands among the options: each takes one value at most.", "--data", "/var/lib/nova", "run")]
    [InlineData("--database holds a password, which the process list shows to everybody: "
        + "give the connection string as NOVA_DATABASE, or the password in a PGPASSFILE.", "--database", "Host=x;Password=hunter2 2")]
    [InlineData(KeystoneOptions.PasswordFault, "--keystone_password", "hunter2")]
    public void What_is_wrong_is_one_sentence(string sentence, params string[] arguments) =>
        Assert.Equal([sentence], CommandLine.Read(arguments, Help).Faults);

    [Theory]
    [InlineData("NOVA_DATABSE", "NOVA_DATABSE is read by nothing here. Is NOVA_DATABASE meant?")]
    [InlineData("NOVA_Databas", "NOVA_Databas is read by nothing here. Is NOVA_DATABASE meant?")]
    [InlineData("NOVA_QUOTA_FIXED_IP", "NOVA_QUOTA_FIXED_IP is read by nothing here. Is NOVA_QUOTA_FIXED_IPS meant?")]
    [InlineData("NOVA_DATABASE")]
    [InlineData("nova_data")]
    [InlineData("NOVA_KEYSTONE_PASSWORD")]
    [InlineData("NOVA_DAT")]
    [InlineData("NOVA_QUOTA")]
    [InlineData("NOVA_COLOUR")]
    [InlineData("NOVA_CLUSTER_DIR")]
    [InlineData("NOVA_ACME__BLUE__TIMEOUT")]
    [InlineData("DATABSE")]
    public void A_variable_is_asked_about_where_it_may_be_a_slip(string variable, params string[] sentences) =>
        Assert.Equal(sentences, CommandLine.Doubts([variable, "HOME"], Help));

    [Fact]
    public void Help_is_asked_for_anywhere_but_as_a_value() =>
        Assert.Equal(
            [true, true, true, false],
            new string[][] { ["help"], ["db", "sync", "--help"], ["-h"], ["--host", "help"] }.Select(CommandLine.AsksForHelp));
}
