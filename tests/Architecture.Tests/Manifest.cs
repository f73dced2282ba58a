using System.Globalization;
using System.Reflection;
using System.Text;
using NovaOrleans.Hosts;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Architecture;

/// <summary>
/// What goes over the wire, as text: grain interfaces with their methods, and serialized types with their members, all
/// by alias. It is the file OrleansContracts.txt, so that a change of it is a line in a review.
/// </summary>
internal static class Manifest
{
    public static string Of(IEnumerable<Assembly> assemblies)
    {
        var text = new StringBuilder("# Grain interfaces, methods and serialized types by alias. Made by tests/Architecture.Tests.\n");
        Type[] types = [.. assemblies.SelectMany(a => a.GetTypes()).Where(t => !t.FullName!.StartsWith("OrleansCodeGen", StringComparison.Ordinal))];
        foreach (Type type in types.Where(IsGrainInterface).OrderBy(AliasOf, StringComparer.Ordinal))
        {
            Line(text, $"\ninterface {AliasOf(type)}");
            foreach (MethodInfo method in type.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
            {
                string parameters = string.Join(", ", method.GetParameters().Select(p => NameOf(p.ParameterType)));
                Line(text, $"  {AliasOf(method)}({parameters}): {NameOf(method.ReturnType)}");
            }
        }

        foreach (Type type in types.Where(IsSerialized).OrderBy(AliasOf, StringComparer.Ordinal))
        {
            Line(text, $"\n{(type.IsEnum ? "enum" : "type")} {AliasOf(type)}");
            foreach (string member in type.IsEnum ? Values(type) : Members(type))
            {
                Line(text, $"  {member}");
            }
        }

        return text.ToString();
    }

    /// <summary>The contract of plug-ins, and the core's own.</summary>
    public static Assembly[] Interfaces { get; } = [typeof(Refusal).Assembly, typeof(IHostGrain).Assembly];

    public static bool IsGrainInterface(Type type) =>
        type.IsInterface && type.IsDefined(typeof(AliasAttribute)) && typeof(IAddressable).IsAssignableFrom(type);

    public static bool IsSerialized(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), false);

    public static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? member.Name;

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static IEnumerable<string> Values(Type type) => Enum.GetValuesAsUnderlyingType(type).Cast<IConvertible>()
        .Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.ToInt64(CultureInfo.InvariantCulture)} {Enum.GetName(type, v)}"));

    /// <summary>Members with an id of their own, and a positional record's parameters, whose ids are their places.</summary>
    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        ParameterInfo[] positional = type.GetMethod("Deconstruct", own) is { } deconstruct
            ? [.. deconstruct.GetParameters()]
            : [];
        var named = type.GetMembers(own)
            .Select(m => (Member: m, Id: m.GetCustomAttribute<IdAttribute>()?.Id))
            .Where(m => m.Id is not null)
            .OrderBy(m => m.Id)
            .ToList();
        IEnumerable<string> byPlace = positional
            .Where(p => named.All(n => n.Member.Name != p.Name))
            .Select((p, i) => string.Create(CultureInfo.InvariantCulture, $"#{i} {NameOf(p.ParameterType.GetElementType()!)} {p.Name}"));
        IEnumerable<string> byId = named.Select(n =>
            string.Create(CultureInfo.InvariantCulture, $"{n.Id} {NameOf(TypeOf(n.Member))} {n.Member.Name}"));
        return byPlace.Concat(byId);
    }

    private static Type TypeOf(MemberInfo member) => member switch
    {
        PropertyInfo property => property.PropertyType,
        FieldInfo field => field.FieldType,
        _ => throw new InvalidOperationException($"{member} has an id and is neither property nor field"),
    };

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return NameOf(value) + "?";
        }

        if (type.IsGenericType)
        {
            string name = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
            return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
        }

        return type.IsDefined(typeof(AliasAttribute), false) ? AliasOf(type) : type.Name;
    }
}
