using System.Text.RegularExpressions;
using Mono.Cecil;

namespace NovaOrleans.Architecture;

/// <summary>The shape of an actor: four files in one folder, and a name for its state that no other has.</summary>
public partial class GrainTests
{
    /// <summary>Files that a grain does without, each with the reason.</summary>
    private static readonly Dictionary<string, string> Without = new()
    {
        ["ProjectListGrain.Log.cs"] = "a list of ids: it has nothing to tell",
        ["ProjectListRules.cs"] = "adding to a set is no decision",
        ["ProjectListState.cs"] = "a list of ids, beside the project's own state",
        ["Ec2KeyGrain.Log.cs"] = "its project's key ring says what is made and deleted",
        ["Ec2KeyRules.cs"] = "a key is there or not; how many a project has is the ring's to decide",
        ["LedgerQueryGrain.Log.cs"] = "it reads, and a failed read is the caller's exception",
        ["LedgerQueryRules.cs"] = "it decides nothing",
        ["LedgerQueryState.cs"] = "it remembers nothing",
    };

    [Fact]
    public void A_grain_is_four_files()
    {
        TypeDefinition[] grains = [.. Compiled.Types("Grains").Where(IsGrain)];
        Law.Holds(
            "a grain's folder has XGrain.cs (speaks), XState.cs (remembers), XRules.cs (decides), XGrain.Log.cs (narrates)",
            "who knows one grain knows them all, and rules in a file of their own are tested without a cluster",
            grains.Length,
            from grain in grains
            let noun = Noun(grain)
            let folder = Folder(grain.Name)
            from file in new[] { $"{grain.Name}.cs", $"{noun}State.cs", $"{noun}Rules.cs", $"{grain.Name}.Log.cs" }
            where !Without.ContainsKey(file) && !Tree.Exists($"{folder}/{file}")
            select $"{folder}/{file}");
    }

    [Fact]
    public void What_a_grain_does_without_is_still_missing() => Law.Holds(
        "an exception of the four files is for a file that is not there",
        "an exception that nobody needs any more hides the next one",
        1,
        Without.Keys.Where(name => Tree.Files.Any(f => f.EndsWith("/" + name, StringComparison.Ordinal))));

    [Fact]
    public void State_names_are_unique()
    {
        string[] names = [.. Tree.CSharp("Grains").Concat(Tree.CSharp("Silo"))
            .SelectMany(f => StateName().Matches(Tree.Read(f)))
            .Select(m => m.Groups[1].Value)];
        Law.Holds(
            "no two grains store a state of the same name",
            "the AdoNet storage keys rows by state name and grain key, not by grain class: two grains would share a row",
            names.Length,
            names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => $"\"{g.Key}\", {g.Count()} times"));
    }

    [Fact]
    public void Every_grain_class_keeps_a_promise() => Law.Holds(
        "a grain's interface is in Grains.Interfaces",
        "what others call is a promise; an interface beside its class is one that only the core can see",
        Compiled.Types("Grains").Count(IsGrain),
        from grain in Compiled.Types("Grains").Where(IsGrain)
        where !grain.Interfaces.Any(i => i.InterfaceType.Scope.Name.Contains("Grains.Interfaces", StringComparison.Ordinal))
        select grain.FullName);

    internal static bool IsGrain(TypeDefinition type) =>
        !type.IsAbstract && Bases(type).Any(b => b.FullName == "Orleans.Grain");

    private static IEnumerable<TypeReference> Bases(TypeDefinition type)
    {
        for (TypeReference? at = type.BaseType; at is not null; at = (at as TypeDefinition)?.BaseType)
        {
            yield return at;
        }
    }

    private static string Noun(TypeDefinition grain) =>
        grain.Name.EndsWith("Grain", StringComparison.Ordinal) ? grain.Name[..^"Grain".Length] : grain.Name;

    private static string Folder(string grain) =>
        Tree.CSharp("Grains").FirstOrDefault(f => f.EndsWith($"/{grain}.cs", StringComparison.Ordinal)) is { } file
            ? file[..file.LastIndexOf('/')]
            : "Grains";

    [GeneratedRegex(@"PersistentState\(\s*""([^""]+)""")]
    private static partial Regex StateName();
}
