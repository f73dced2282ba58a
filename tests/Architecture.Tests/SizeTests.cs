using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NovaOrleans.Architecture;

/// <summary>Sizes that only compiled code tells truly.</summary>
public class SizeTests
{
    private const int LongestMethod = 50;
    private const int MostParameters = 6;

    private static readonly string[] Product = [.. Compiled.Core, .. Compiled.PlugIns];

    /// <summary>Methods that may be longer or take more, each with the reason.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["NovaOrleans.History.HistoryRows.Append"] = "one row: three columns of every change, and named ones that few changes have",
        ["NovaOrleans.Agent.AgentCommandLine..cctor"] = "every flag with its description, one after the other: a table",
        ["NovaOrleans.Agent.AgentOptions..ctor"] = "the defaults of the options: a table",
        ["NovaOrleans.Pools.FixedIpPoolGrain..cctor"] = "constants in three files; what lies between them is counted too",
    };

    [Fact]
    public void A_method_fits_a_screen()
    {
        (string Name, int Lines)[] methods = [.. Product.SelectMany(Compiled.Types).SelectMany(Compiled.Methods)
            .Select(m => (Name: NameOf(m), Lines: Lines(m)))
            .GroupBy(m => m.Name)
            .Select(g => (g.Key, g.Max(m => m.Lines)))];
        Law.Holds(
            $"a method has at most {LongestMethod} lines",
            "what it does should be seen at once; its steps want names",
            methods.Length,
            methods.Where(m => m.Lines > LongestMethod && !Exceptions.ContainsKey(m.Name)).Select(m => $"{m.Name}: {m.Lines} lines"));
    }

    [Fact]
    public void A_method_takes_few_things()
    {
        MethodDefinition[] methods = [.. Product.SelectMany(Compiled.Types).SelectMany(Compiled.Methods).Where(IsWritten)];
        Law.Holds(
            $"a method or constructor takes at most {MostParameters} parameters, a positional record as many as it has members",
            "more of them are a thing without a name",
            methods.Length,
            methods.Where(m => m.Parameters.Count > MostParameters && !Exceptions.ContainsKey(NameOf(m)))
                .Select(m => $"{NameOf(m)}: {m.Parameters.Count} parameters"));
    }

    /// <summary>Left out: what the compiler makes, records' own members, and the kernel's functions, whose shape is not ours.</summary>
    private static bool IsWritten(MethodDefinition method) =>
        !method.Name.Contains('<', StringComparison.Ordinal)
        && !method.DeclaringType.Name.Contains('<', StringComparison.Ordinal)
        && !method.IsPInvokeImpl
        && !method.CustomAttributes.Any(a => a.AttributeType.Name is "GeneratedCodeAttribute" or "CompilerGeneratedAttribute")
        && !(IsRecord(method.DeclaringType) && method.Name is ".ctor" or "Deconstruct");

    private static bool IsRecord(TypeDefinition type) => type.Methods.Any(m => m.Name is "<Clone>$" or "PrintMembers");

    /// <summary>First to last line with code. Lambdas and state machines are bodies of their own and counted so.</summary>
    private static int Lines(MethodDefinition method)
    {
        SequencePoint[] points = [.. method.DebugInformation.SequencePoints
            .Where(p => !p.IsHidden && !p.Document.Url.Contains(".g.cs", StringComparison.Ordinal))];
        return points.Length == 0 ? 0 : points.Max(p => p.EndLine) - points.Min(p => p.StartLine) + 1;
    }

    private static string NameOf(MethodDefinition method)
    {
        string type = method.DeclaringType.FullName.Replace('/', '.');
        return method.Name == "MoveNext" ? type : $"{type}.{method.Name}";
    }
}
