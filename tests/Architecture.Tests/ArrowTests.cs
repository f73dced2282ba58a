using System.Xml.Linq;

namespace NovaOrleans.Architecture;

/// <summary>Who may reference whom, read from the project files, through any number of steps.</summary>
public class ArrowTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> References = Tree.Files
        .Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f), ReferencesOf);

    [Theory]
    [InlineData("Api", "Grains", "the facade asks grains by their interfaces; with the classes at hand it would bypass them")]
    [InlineData("AgentClient", "Grains", "a compute host must not carry the core: it reaches its own host grain and nothing else")]
    [InlineData("AgentClient", "Api", "the agent is told by its host grain; HTTP is for people and programs outside")]
    [InlineData("Grains", "Api", "grains answer with values; statuses and bodies are the facade's")]
    [InlineData("Grains", "AgentClient", "the core speaks to hosts through the host grain's records only")]
    [InlineData("Grains.Interfaces", "Grains", "words and promises come before those who keep them")]
    [InlineData("NetworkServices", "Grains.Interfaces", "the contract is a package of its own: who has it has nothing of the core")]
    [InlineData("SamplePlugin", "Grains.Interfaces", "it is what a stranger can make with the contract alone")]
    [InlineData("Manage", "Grains.Interfaces", "nova-manage is a client of the HTTP API, so that everything it does others can do")]
    [InlineData("Kit", "Grains", "what the built-in plug-ins share speaks to grains like any third party's plug-in")]
    [Trait("seed", "S19"), Trait("seed", "S28"), Trait("seed", "S53")]
    public void An_arrow_that_must_not_be(string from, string to, string because) =>
        Law.Holds($"{from} never references {to}", because, Known(from, to), Reaches(from, to) ? [$"{from} → … → {to}"] : []);

    [Fact]
    [Trait("seed", "S27"), Trait("seed", "S90")]
    public void A_plug_in_references_the_interfaces_and_the_kit_alone() => Law.Holds(
        "a plug-in references only Grains.Interfaces and the Kit",
        "whatever a built-in needs beyond the contract a third party's plug-in cannot have",
        Compiled.PlugIns.Length,
        Compiled.PlugIns.SelectMany(p => References[p].Where(r => r is not ("Kit" or "Grains.Interfaces")).Select(r => $"{p} → {r}")));

    [Fact]
    [Trait("seed", "S3"), Trait("seed", "S26"), Trait("seed", "S67")]
    public void The_core_references_no_plug_in() => Law.Holds(
        "the core references no plug-in",
        "plug-ins are chosen by a configuration file, and the built-ins must be no more than the first of them",
        Compiled.Core.Length,
        from project in Compiled.Core
        from plugIn in Compiled.PlugIns
        where Compiled.Module(project).AssemblyReferences.Any(r => r.Name == $"NovaOrleans.NetworkServices.{plugIn}")
        select $"{project} → {plugIn}");

    private static int Known(params string[] projects)
    {
        string[] gone = [.. projects.Where(p => !References.ContainsKey(p))];
        return gone.Length == 0 ? projects.Length : 0;
    }

    private static bool Reaches(string from, string to)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out string? next))
        {
            foreach (string reference in References.GetValueOrDefault(next, []))
            {
                if (reference == to)
                {
                    return true;
                }

                if (seen.Add(reference))
                {
                    open.Push(reference);
                }
            }
        }

        return false;
    }

    /// <summary>References that are compiled against; one that is only built beside the project is no arrow.</summary>
    private static IReadOnlyList<string> ReferencesOf(string path) => [.. XDocument.Parse(Tree.Read(path))
        .Descendants("ProjectReference")
        .Where(r => (r.Attribute("ReferenceOutputAssembly") ?? (object?)r.Element("ReferenceOutputAssembly")) switch
        {
            XAttribute a => a.Value != "false",
            XElement e => e.Value != "false",
            _ => true,
        })
        .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];
}
