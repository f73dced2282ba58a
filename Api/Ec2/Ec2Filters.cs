using System.Globalization;

namespace NovaOrleans.Api.Ec2;

/// <summary>
/// <c>Filter.1.Name</c>, <c>Filter.1.Value.1</c>, …: what is shown has one of the values of each filter. A value may have
/// <c>*</c> at its end.
/// </summary>
internal sealed class Ec2Filters<T>
{
    private readonly List<(Func<T, IEnumerable<string?>> Of, IReadOnlyList<string> Values)> _filters = [];

    /// <summary>Reads the filters; one that is not among the known ones is a fault that names them.</summary>
    public static Ec2Filters<T> Read(
        Ec2Parameters parameters, IReadOnlyDictionary<string, Func<T, IEnumerable<string?>>> known)
    {
        var filters = new Ec2Filters<T>();
        foreach (int number in parameters.Numbers("Filter"))
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"Filter.{number}");
            string name = parameters.Required(
                $"{prefix}.Name", known.ContainsKey, $"one of {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}");
            IReadOnlyList<string> values = parameters.List($"{prefix}.Value");
            if (known.TryGetValue(name, out Func<T, IEnumerable<string?>>? of))
            {
                filters._filters.Add((of, values));
            }
        }

        return filters;
    }

    public bool Shows(T item) => _filters.All(f => f.Of(item).Any(has => f.Values.Any(v => Matches(has, v))));

    private static bool Matches(string? has, string wanted) => has is not null && (wanted.EndsWith('*')
        ? has.StartsWith(wanted[..^1], StringComparison.Ordinal)
        : has == wanted);
}
