using System.Text.RegularExpressions;
using Mono.Cecil;

namespace NovaOrleans.Architecture;

/// <summary>What a part of the code may know, read from compiled code and from source.</summary>
public partial class BoundaryTests
{
    /// <summary>What rules must not touch; the ledger's operations and their results are values, and may be decided upon.</summary>
    private static readonly string[] Outside =
    [
        "Orleans.", "Npgsql.", "Microsoft.Data.", "System.TimeProvider", "System.IO.File",
        "NovaOrleans.Ledger.ILedger", "NovaOrleans.Ledger.LedgerSession", "NovaOrleans.Ledger.LedgerDatabase",
    ];

    [Fact]
    public void Rules_are_pure()
    {
        TypeDefinition[] rules = [.. Compiled.Types("Grains").Where(t => t.Name.EndsWith("Rules", StringComparison.Ordinal))];
        Law.Holds(
            "a class named *Rules uses neither Orleans, nor a database, nor clock or files",
            "rules decide from state and command alone, so that a test needs no cluster, clock or mock",
            rules.Length,
            from type in rules
            from used in Compiled.Uses(type)
            where Outside.Any(o => used.StartsWith(o, StringComparison.Ordinal))
            select $"{type.FullName} uses {used}");
    }

    [Fact]
    [Trait("seed", "S15"), Trait("seed", "S121")]
    public void The_three_doors_of_a_plug_in_do_not_know_each_other()
    {
        string[] doors = ["NetApi", "NetAgent", "NetService"];
        TypeDefinition[] types = [.. Compiled.PlugIns.SelectMany(Compiled.Types)];
        Dictionary<string, string> behind = types
            .Select(t => (t.FullName, Door: doors.FirstOrDefault(d => Compiled.FileOf(t)?.Contains($"/{d}/") == true)))
            .Where(t => t.Door is not null)
            .ToDictionary(t => t.FullName, t => t.Door!);
        Law.Holds(
            $"within a plug-in {string.Join(", ", doors)} meet only in its root folder",
            "they run in different processes; what one takes from another works on one machine and fails on two",
            behind.Count,
            from type in types
            where behind.ContainsKey(type.FullName)
            from used in Compiled.Uses(type)
            where behind.TryGetValue(used, out string? door) && door != behind[type.FullName]
            select $"{type.FullName} ({behind[type.FullName]}) uses {used} ({behind[used]})");
    }

    [Fact]
    [Trait("seed", "S5")]
    public void Compute_knows_no_networking()
    {
        string[] files = [.. Tree.CSharp("AgentClient/Compute")];
        Law.Holds(
            "AgentClient/Compute speaks of no bridge, VLAN, DHCP, firewall or IP address",
            "compute coupled to networking is the first fault that this design exists to remove (seed, issue 1)",
            files.Length,
            from file in files
            from line in Tree.Read(file).Split('\n').Select((text, i) => (text, number: i + 1))
            where NetworkWord().IsMatch(line.text)
            select $"{file}:{line.number}: {line.text.Trim()}");
    }

    [Fact]
    [Trait("seed", "S18"), Trait("seed", "S28"), Trait("seed", "S121")]
    public void The_agent_opens_no_door_but_the_net_agents()
    {
        string[] others = ["IOsService", "IOsApiService", "INetworkRoutes"];
        TypeDefinition[] types = [.. Compiled.Types("AgentClient")];
        Law.Holds(
            $"the agent uses none of {string.Join(", ", others)}",
            "whatever compute needs of a network service it asks the net-agent for; the other doors are the silo's and the facade's",
            types.Count(t => Compiled.Uses(t).Contains("NovaOrleans.NetworkServices.INetAgent")),
            from type in types
            from used in Compiled.Uses(type)
            where others.Any(o => used == $"NovaOrleans.NetworkServices.{o}")
            select $"{type.FullName} uses {used}");
    }

    [Fact]
    [Trait("seed", "S27"), Trait("seed", "S90")]
    public void A_net_service_is_seen_by_nobody_outside_its_plug_in()
    {
        TypeDefinition[] types =
            [.. Compiled.PlugIns.Where(p => p != "Kit").SelectMany(Compiled.Types)
                .Where(t => Compiled.FileOf(t)?.Contains("/NetService/") == true)];
        Law.Holds(
            "what is in a plug-in's NetService folder is internal to its assembly; the Kit, which they share, keeps nothing",
            "only net-api and net-agent of the same service may reach it, and a public type can be named by anybody",
            types.Length,
            types.Where(t => t.IsPublic).Select(t => t.FullName));
    }

    [Fact]
    public void Processes_start_in_one_place()
    {
        // Beside the agent's host code: embedded mode's silo starts the agent as its child, which it alone can end.
        // What the template makes is not of this program: its test starts the conformance kit.
        string[] allowed = ["AgentClient/Host/", "Silo/Hosting/AgentProcess.cs", "Grains.Interfaces/Templates/"];
        string[] files = [.. new[] { "Grains.Interfaces", "Grains", "Silo", "Api", "AgentClient" }.SelectMany(Tree.CSharp)];
        Law.Holds(
            $"only {string.Join(" and ", allowed)} start processes",
            "one place validates, limits and logs them; a process started elsewhere is one nobody ends",
            files.Length * files.Count(f => f.StartsWith(allowed[0], StringComparison.Ordinal)),
            files.Where(f => !allowed.Any(a => f.StartsWith(a, StringComparison.Ordinal)) && StartsProcess().IsMatch(Tree.Read(f))));
    }

    [Fact]
    public void Processes_get_argument_lists()
    {
        string[] files = [.. Tree.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !f.Contains("Architecture.Tests"))];
        Law.Holds(
            "a process gets an argument list, never a command line, and never a shell between",
            "a name with a space, quote or semicolon must stay one argument",
            files.Count(f => Tree.Read(f).Contains("ProcessStartInfo", StringComparison.Ordinal)),
            files.Where(f => CommandLine().IsMatch(Tree.Read(f))));
    }

    [GeneratedRegex(@"bridge|vlan|dhcp|firewall|\bnft|iptables|ip address|IpAddress|Ip4|Ip6|\bCidr", RegexOptions.IgnoreCase)]
    private static partial Regex NetworkWord();

    [GeneratedRegex(@"\bnew Process(StartInfo)?\b|\bProcess\.Start\b|\bProcessStartInfo\b")]
    private static partial Regex StartsProcess();

    [GeneratedRegex(@"ProcessStartInfo[\s\S]*?\bArguments\s*=[^=]|""(?:ba)?sh"",\s*""-l?c"",\s*\$""|UseShellExecute\s*=\s*true")]
    private static partial Regex CommandLine();
}
