using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NovaOrleans.Architecture;

/// <summary>Reads compiled assemblies: which types a type really uses, however the source spells it.</summary>
internal static class Compiled
{
    /// <summary>The assemblies without any plug-in: what must stay ignorant of them.</summary>
    public static readonly string[] Core = ["NetworkServices", "Grains.Interfaces", "Grains", "Connections", "Silo", "Api", "AgentClient"];

    public static readonly string[] PlugIns = [.. Tree.Files
        .Where(f => f.StartsWith("Grains/Plugins/", StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(f => Path.GetFileNameWithoutExtension(f))];

    private static readonly Dictionary<string, ModuleDefinition> Read = [];

    public static ModuleDefinition Module(string project)
    {
        lock (Read)
        {
            if (!Read.TryGetValue(project, out ModuleDefinition? module))
            {
                Read[project] = module = ModuleDefinition.ReadModule(
                    PathOf(project), new ReaderParameters { ReadSymbols = true, InMemory = true });
            }

            return module;
        }
    }

    /// <summary>The types that people wrote; nested ones (lambdas, state machines) count as part of their outermost.</summary>
    public static IEnumerable<TypeDefinition> Types(string project) => Module(project).Types.Where(
        t => t.Namespace.StartsWith("NovaOrleans", StringComparison.Ordinal));

    /// <summary>Full names of all types that the type uses, its own nested ones included.</summary>
    public static IReadOnlySet<string> Uses(TypeDefinition type)
    {
        var used = new HashSet<string>();
        Gather(type, used);
        return used;
    }

    public static IEnumerable<MethodDefinition> Methods(TypeDefinition type) =>
        type.Methods.Concat(type.NestedTypes.SelectMany(Methods));

    public static IEnumerable<string> Texts(TypeDefinition type) => Methods(type)
        .Where(m => m.HasBody)
        .SelectMany(m => m.Body.Instructions)
        .Where(i => i.OpCode == OpCodes.Ldstr)
        .Select(i => (string)i.Operand)
        .Concat(Constants(type));

    /// <summary>The source file that the type's code came from, with '/', from debug symbols; null where it has no code.</summary>
    public static string? FileOf(TypeDefinition type) => Methods(type)
        .SelectMany(m => m.DebugInformation.SequencePoints)
        .FirstOrDefault(p => !p.Document.Url.EndsWith(".g.cs", StringComparison.Ordinal))?.Document.Url.Replace('\\', '/');

    /// <summary>Texts that are no code, and where they are: arguments of attributes, and files that were embedded.</summary>
    public static IEnumerable<(string Where, string Text)> OtherTexts(string project) =>
        Attributes(Module(project)).Concat(Module(project).Types.SelectMany(AndNested).SelectMany(Attributed).SelectMany(Attributes))
            .SelectMany(a => a.ConstructorArguments).SelectMany(TextsOf).Select(text => ($"an attribute of {project}", text))
            .Concat(Module(project).Resources.OfType<EmbeddedResource>().Select(r => (r.Name, Encoding.UTF8.GetString(r.GetResourceData()))));

    private static IEnumerable<CustomAttribute> Attributes(ICustomAttributeProvider holder) => holder.CustomAttributes;

    private static IEnumerable<TypeDefinition> AndNested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(AndNested).Prepend(type);

    private static IEnumerable<ICustomAttributeProvider> Attributed(TypeDefinition type) =>
        [type, .. type.Methods, .. type.Fields, .. type.Properties];

    private static IEnumerable<string> TextsOf(CustomAttributeArgument argument) => argument.Value switch
    {
        string text => [text],
        CustomAttributeArgument[] several => several.SelectMany(TextsOf),
        _ => [],
    };

    private static IEnumerable<string> Constants(TypeDefinition type) =>
        type.Fields.Select(f => f.Constant).OfType<string>().Concat(type.NestedTypes.SelectMany(Constants));

    private static string PathOf(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string bin = Path.Combine(configuration.Parent!.Parent!.FullName, project, configuration.Name);
        string prefix = PlugIns.Contains(project) ? "NovaOrleans.NetworkServices." : "NovaOrleans.";
        return Path.Combine(bin, $"{prefix}{project}.dll");
    }

    private static void Gather(TypeDefinition type, HashSet<string> used)
    {
        Add(type.BaseType, used);
        foreach (InterfaceImplementation contract in type.Interfaces)
        {
            Add(contract.InterfaceType, used);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            Add(field.FieldType, used);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            Add(method.ReturnType, used);
            foreach (ParameterDefinition parameter in method.Parameters)
            {
                Add(parameter.ParameterType, used);
            }

            if (method.HasBody)
            {
                GatherBody(method.Body, used);
            }
        }

        foreach (TypeDefinition nested in type.NestedTypes)
        {
            Gather(nested, used);
        }
    }

    private static void GatherBody(MethodBody body, HashSet<string> used)
    {
        foreach (VariableDefinition variable in body.Variables)
        {
            Add(variable.VariableType, used);
        }

        foreach (Instruction instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(type, used);
                    break;
                case MethodReference method:
                    Add(method.DeclaringType, used);
                    Add(method.ReturnType, used);
                    foreach (TypeReference argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
                    {
                        Add(argument, used);
                    }

                    break;
                case FieldReference field:
                    Add(field.DeclaringType, used);
                    Add(field.FieldType, used);
                    break;
            }
        }
    }

    private static void Add(TypeReference? type, HashSet<string> used)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                foreach (TypeReference argument in generic.GenericArguments)
                {
                    Add(argument, used);
                }

                break;
        }

        if (type is TypeSpecification wrapped)
        {
            Add(wrapped.ElementType, used);
            return;
        }

        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        used.Add(type.FullName);
    }
}
