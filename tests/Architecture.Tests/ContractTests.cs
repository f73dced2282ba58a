using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mono.Cecil;

namespace NovaOrleans.Architecture;

/// <summary>
/// The line between the core and network services: what a stranger has is the contract's package alone, and what the core has of any
/// service is nothing.
/// </summary>
public class ContractTests
{
    /// <summary>Where a service may be written, each because the seed fixes it, and no code decides by it.</summary>
    private static readonly Dictionary<string, string> Fixed = new()
    {
        ["NovaOrleans.NetworkServices.Loading.NetworkServiceLocations: \"nova.network.vlan\""] = "the default (S45); an option overrides it",
        ["NovaOrleans.Ledger.Migrations.0002_views.sql: \"nova.network.flat\""] = "ip_addresses, a view with flat's addresses alone (S109)",
    };

    private const string ApiFile = "Grains.Interfaces/NetworkServices/PublicApi.txt";

    [Fact]
    [Trait("seed", "S111"), Trait("seed", "S117")]
    public void The_plug_in_contract_stands_alone()
    {
        ModuleDefinition contract = Compiled.Module("NetworkServices");
        Law.Holds(
            "the plug-in contract references no assembly of this repository",
            "it is a package for authors of plug-ins, who have nothing of the core",
            Compiled.Types("NetworkServices").Count(),
            contract.AssemblyReferences.Where(r => r.Name.StartsWith("NovaOrleans", StringComparison.Ordinal)).Select(r => r.Name));
    }

    [Fact]
    [Trait("seed", "S4"), Trait("seed", "S27")]
    public void The_contract_has_no_grain_of_the_core()
    {
        TypeDefinition[] contract = [.. Compiled.Types("NetworkServices")];
        TypeDefinition[] core = [.. Compiled.Types("Grains.Interfaces").Where(t => t.IsInterface && t.Interfaces.Any(IsGrainKey))];
        Law.Holds(
            "no interface of the contract is a grain's",
            "a service that calls the core's grains is bound to how the core is made; what it may ask for is INetworkLedger",
            core.Length * contract.Length,
            contract.Where(t => t.Interfaces.Any(IsGrainKey)).Select(t => t.FullName));
    }

    [Fact]
    [Trait("seed", "S3")]
    public void The_core_speaks_no_plug_ins_name()
    {
        string[] paths = [.. ModulePaths()];
        string[] types = [.. Compiled.PlugIns.Where(p => p != "Kit").SelectMany(Compiled.Types).SelectMany(t => new[] { t.FullName, t.Name })];
        Regex name = new(
            string.Join('|', paths.Concat(types).Select(n => $@"(?<![\w.]){Regex.Escape(n)}(?![\w])")), RegexOptions.CultureInvariant);
        (string Where, string Text)[] texts =
        [
            .. Compiled.Core.SelectMany(Compiled.Types).SelectMany(t => Compiled.Texts(t).Select(text => (t.FullName, text))),
            .. Compiled.Core.SelectMany(Compiled.OtherTexts),
        ];
        Law.Holds(
            $"no text in the core's assemblies names a network service ({string.Join(", ", paths)}) or a class of one",
            "the list of services and the default one are configuration; a path in code would make a built-in special",
            paths.Length * types.Length * texts.Length,
            from at in texts
            from Match found in name.Matches(at.Text)
            let line = $"{at.Where}: \"{found.Value}\""
            where !Fixed.ContainsKey(line)
            select line);
    }

    [Fact]
    [Trait("seed", "S3"), Trait("seed", "S26")]
    public void The_core_uses_no_type_of_a_plug_in()
    {
        HashSet<string> theirs = [.. Compiled.PlugIns.SelectMany(Compiled.Types).Select(t => t.FullName)];
        TypeDefinition[] core = [.. Compiled.Core.SelectMany(Compiled.Types)];
        Law.Holds(
            "no type of the core is or uses one of a network service",
            "a service that the core knows cannot be taken away, and one that it does not know is second to it",
            theirs.Count * core.Length,
            from type in core
            from used in Compiled.Uses(type).Append(type.FullName)
            where theirs.Contains(used)
            select $"{type.FullName} uses {used}");
    }

    [Fact]
    public void The_public_contract_is_that_which_was_reviewed()
    {
        string now = PublicApi.Of(typeof(NetworkServices.INetworkService).Assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_CONTRACTS") == "1")
        {
            File.WriteAllText(Path.Combine(Tree.Root, ApiFile), now);
        }

        string then = Tree.Exists(ApiFile) ? Tree.Read(ApiFile) : "";
        string[] before = then.Split('\n');
        string[] after = now.Split('\n');
        Law.Holds(
            $"{ApiFile} is the public API of the package",
            "a plug-in that somebody compiled last year must load, or be refused by the contract's version. A member that is gone or "
            + "changed, or a new one of an interface without a default, raises NetworkServiceContract.Version. If it is meant: "
            + "UPDATE_CONTRACTS=1 ./nova test --project Architecture.Tests, and say so in the commit",
            after.Length,
            after.Except(before).Select(l => $"now  {l}").Concat(before.Except(after).Select(l => $"then {l}")));
        Assert.Equal(then, now);
    }

    private static bool IsGrainKey(InterfaceImplementation implemented) =>
        implemented.InterfaceType.FullName is "Orleans.IGrain" or "Orleans.Runtime.IAddressable" or "Orleans.IGrainObserver"
        || implemented.InterfaceType.Name.StartsWith("IGrainWith", StringComparison.Ordinal);

    /// <summary>The paths that the built-ins and the stranger beside them are loaded by.</summary>
    private static IEnumerable<string> ModulePaths() => Tree.Files
        .Where(f => f.StartsWith("Grains/Plugins/", StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal))
        .SelectMany(f => XDocument.Parse(Tree.Read(f)).Descendants("NetworkServicePath"))
        .Select(e => e.Value)
        .Append("sample.network.l2")
        .Distinct();
}
