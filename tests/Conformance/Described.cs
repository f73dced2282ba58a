using System.Collections;
using System.Reflection;
using System.Text;

namespace NovaOrleans.Conformance;

/// <summary>
/// Values as lines, whole: every public member of every object, so that a new word of the contract is compared without anybody
/// thinking of it. Two fragments with the same lines are the same to a host.
/// </summary>
internal static class Described
{
    private static readonly string?[] s_takenApart = [typeof(HostFragment).Namespace, typeof(Agent.ActualHost).Namespace];

    /// <summary>
    /// A line a piece of the whole, but of what <paramref name="without"/> names. In which order a whole lists its pieces says nothing;
    /// the order within a piece does.
    /// </summary>
    public static IReadOnlyList<string> Of(object whole, params string[] without) =>
    [
        .. whole.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => !without.Contains(p.Name) && p.GetValue(whole) is not null)
            .SelectMany(p => Pieces(p.GetValue(whole)!).Select(o => $"{p.Name}: {Line(o)}"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What one has and the other has not, as sentences; none where they are alike.</summary>
    public static string? Difference(IReadOnlyList<string> first, IReadOnlyList<string> second, string firstName, string secondName)
    {
        string[] lost = [.. first.Except(second)], found = [.. second.Except(first)];
        if (lost.Length == 0 && found.Length == 0 && first.Count == second.Count)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (string line in lost.Take(3))
        {
            text.Append('\n').Append(firstName).Append(": ").Append(line);
        }

        foreach (string line in found.Take(3))
        {
            text.Append('\n').Append(secondName).Append(": ").Append(line);
        }

        return text.Length > 0 ? text.ToString()
            : $"\n{firstName}: {first.Count} pieces\n{secondName}: {second.Count} pieces";
    }

    private static IEnumerable<object?> Pieces(object value) => value switch
    {
        string => [value],
        IDictionary named => named.Values.Cast<object?>(),
        IEnumerable items => items.Cast<object?>(),
        _ => [value],
    };

    public static string Line(object? value)
    {
        switch (value)
        {
            case null:
                return "none";
            case string text:
                return text;
            case IEnumerable items:
                return $"[{string.Join(' ', items.Cast<object?>().Select(Line))}]";
        }

        Type type = value.GetType();
        // Words of the vocabulary write themselves; only what is made of several things is taken apart.
        if (type.IsPrimitive || type.IsEnum || !s_takenApart.Contains(type.Namespace))
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }

        return $"{type.Name} {{{string.Join(' ', type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0).Select(p => $"{p.Name}={Line(p.GetValue(value))}"))}}}";
    }
}
