using System.Reflection;

namespace NovaOrleans.Architecture;

/// <summary>Silos of two versions run side by side during an upgrade: what they say to each other changes on purpose only.</summary>
public class ManifestTests
{
    private const string File = "Grains.Interfaces/OrleansContracts.txt";

    [Fact]
    public void The_contracts_are_those_that_were_reviewed()
    {
        string now = Manifest.Of(Manifest.Interfaces);
        if (Environment.GetEnvironmentVariable("UPDATE_CONTRACTS") == "1")
        {
            System.IO.File.WriteAllText(Path.Combine(Tree.Root, File), now);
        }

        string then = Tree.Exists(File) ? Tree.Read(File) : "";
        string[] before = then.Split('\n');
        string[] after = now.Split('\n');
        Law.Holds(
            $"{File} says what goes over the wire",
            "an alias, a member's id or a signature that changes breaks silos of the version before. If it is meant: "
            + "UPDATE_CONTRACTS=1 ./nova test --project Architecture.Tests, and say so in the commit",
            after.Length,
            after.Except(before).Select(l => $"now  {l.Trim()}").Concat(before.Except(after).Select(l => $"then {l.Trim()}")));
        Assert.Equal(then, now);
    }

    [Fact]
    public void Everything_on_the_wire_has_an_alias() => Law.Holds(
        "grain interfaces, their methods and serialized types have an [Alias]",
        "without one a rename in the source is a break on the wire",
        Wire().Count,
        Wire().Where(m => !m.IsDefined(typeof(AliasAttribute), false)).Select(m => $"{m.DeclaringType?.Name}.{m.Name}"));

    [Fact]
    public void No_alias_is_given_twice()
    {
        Type[] types = [.. Wire().OfType<Type>()];
        Law.Holds(
            "an alias names one type",
            "the second one would be read as the first",
            types.Length,
            types.GroupBy(Manifest.AliasOf).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(t => t.Name))}"));
    }

    private static List<MemberInfo> Wire()
    {
        Type[] types = [.. Manifest.Interfaces.SelectMany(a => a.GetTypes())];
        Type[] interfaces = [.. types.Where(t => t.IsInterface && t.IsPublic && typeof(IAddressable).IsAssignableFrom(t))];
        return [.. interfaces, .. interfaces.SelectMany(i => i.GetMethods()), .. types.Where(Manifest.IsSerialized)];
    }
}
