using System.Globalization;
using System.Reflection;
using System.Text;

namespace NovaOrleans.Architecture;

/// <summary>
/// What of an assembly others can compile against, one line a member, so that a change of it is a line in a review. What the compiler
/// adds to a record, and Orleans to a serialized type, is left out: it follows from the rest.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] s_ofRecords =
        ["<Clone>$", "Deconstruct", "Equals", "GetHashCode", "PrintMembers", "ToString", "op_Equality", "op_Inequality", "EqualityContract"];

    private static readonly Dictionary<Type, string> s_short = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
    };

    public static string Of(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (Type type in assembly.GetExportedTypes().Where(t => t.Namespace!.StartsWith("NovaOrleans.", StringComparison.Ordinal)
            && !t.Namespace.Contains("OrleansCodeGen", StringComparison.Ordinal)))
        {
            lines.Add(Heading(type));
            if (typeof(Delegate).IsAssignableFrom(type))
            {
                MethodInfo called = type.GetMethod("Invoke")!;
                lines[^1] = $"{Full(type)}: delegate ({Parameters(called)}): {Name(called.ReturnType)}";
                continue;
            }

            lines.AddRange(type.IsEnum ? Values(type) : Members(type).Select(m => $"{Full(type)}.{m}"));
        }

        var text = new StringBuilder("# The public API of the package, one line a member. Made by tests/Architecture.Tests.\n");
        lines.Distinct().Order(StringComparer.Ordinal).ToList().ForEach(l => text.Append(l).Append('\n'));
        return text.ToString();
    }

    private static string Heading(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : "class";
        IEnumerable<string> bases = type.GetInterfaces().Where(i => !i.Name.StartsWith("IEquatable", StringComparison.Ordinal) && i.IsPublic)
            .Select(Name).Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
        {
            bases = bases.Prepend(Name(parent));
        }

        string inherits = string.Join(", ", bases);
        return type.IsEnum || inherits.Length == 0 ? $"{Full(type)}: {kind}" : $"{Full(type)}: {kind}, {inherits}";
    }

    private static IEnumerable<string> Values(Type type) => Enum.GetValuesAsUnderlyingType(type).Cast<IConvertible>()
        .Select(v => string.Create(
            CultureInfo.InvariantCulture, $"{Full(type)}.{Enum.GetName(type, v)} = {v.ToInt64(CultureInfo.InvariantCulture)}"));

    private static IEnumerable<string> Members(Type type)
    {
        bool record = type.GetMethod("<Clone>$", Own) is not null || type.GetMethod("PrintMembers", Own) is not null;
        bool IsSeen(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };
        bool IsOfRecord(MemberInfo member) => record && s_ofRecords.Contains(member.Name);
        foreach (ConstructorInfo made in type.GetConstructors(Own).Where(c => IsSeen(c) && !c.IsStatic && !IsCopy(c)))
        {
            yield return $"new({Parameters(made)})";
        }

        foreach (MethodInfo method in type.GetMethods(Own).Where(m => IsSeen(m) && !IsOfRecord(m) && !IsAccessor(m)))
        {
            string given = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
            string meant = type.IsInterface && !method.IsAbstract ? " = default" : "";
            yield return $"{Modifier(method)}{method.Name}{given}({Parameters(method)}): {Name(method.ReturnType)}{meant}";
        }

        foreach (PropertyInfo property in type.GetProperties(Own).Where(p => IsSeen(p.GetMethod) && !IsOfRecord(p)))
        {
            string set = !IsSeen(property.SetMethod) ? "get"
                : property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? "get; init" : "get; set";
            string meant = type.IsInterface && !property.GetMethod!.IsAbstract ? " = default" : "";
            yield return $"{Modifier(property.GetMethod!)}{property.Name}: {Name(property.PropertyType)} {{ {set} }}{meant}";
        }

        foreach (FieldInfo field in type.GetFields(Own).Where(f => f.IsPublic || f.IsFamily))
        {
            string value = field.IsLiteral ? string.Create(CultureInfo.InvariantCulture, $" = {field.GetRawConstantValue()}") : "";
            yield return $"{(field.IsStatic && !field.IsLiteral ? "static " : "")}{field.Name}: {Name(field.FieldType)}{value}";
        }
    }

    private static bool IsCopy(ConstructorInfo made) =>
        made.GetParameters() is [{ } only] && only.ParameterType == made.DeclaringType;

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Modifier(MethodInfo method) => method.IsStatic ? "static "
        : method.DeclaringType!.IsInterface ? ""
        : method.IsFamily ? "protected " : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
    {
        string by = p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "";
        Type type = p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType;
        string optional = p.HasDefaultValue
            ? string.Create(CultureInfo.InvariantCulture, $" = {p.RawDefaultValue ?? "default"}")
            : "";
        return $"{by}{Name(type)} {p.Name}{optional}";
    }));

    private static string Full(Type type) => type.IsNested
        ? $"{Full(type.DeclaringType!)}.{type.Name}"
        : type.IsGenericType ? $"{type.Namespace}.{Name(type)}" : $"{type.Namespace}.{type.Name}";

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (!type.IsGenericType)
        {
            return s_short.GetValueOrDefault(type, type.Name);
        }

        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
