using System.Text;

namespace NovaOrleans.Agent.Metadata;

/// <summary>Texts by path. A path that leads to several is answered with their names, folders with a slash behind.</summary>
public sealed record MetadataTree
{
    private ImmutableSortedDictionary<string, byte[]> Leaves { get; init; } =
        ImmutableSortedDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    public MetadataTree With(string path, string? text) => With(path, text is null ? null : Encoding.UTF8.GetBytes(text));

    /// <summary>What is not known is not there.</summary>
    public MetadataTree With(string path, byte[]? text) =>
        text is null ? this : this with { Leaves = Leaves.SetItem(path, text) };

    /// <summary>All of another tree, under a folder.</summary>
    public MetadataTree With(string folder, MetadataTree other) => this with
    {
        Leaves = Leaves.SetItems(other.Leaves.Select(l => KeyValuePair.Create($"{folder}/{l.Key}", l.Value))),
    };

    /// <summary>A text, or the names in a folder; null where there is neither. Slashes around the path mean nothing.</summary>
    public byte[]? Find(string path)
    {
        string wanted = path.Trim('/');
        if (Leaves.TryGetValue(wanted, out byte[]? text))
        {
            return text;
        }

        string folder = wanted.Length == 0 ? "" : wanted + "/";
        string[] names = [.. Leaves.Keys.Where(k => k.StartsWith(folder, StringComparison.Ordinal))
            .Select(k => k[folder.Length..])
            .Select(k => k.IndexOf('/', StringComparison.Ordinal) is var end and >= 0 ? k[..(end + 1)] : k)
            .Distinct()];
        return names.Length == 0 ? null : Encoding.UTF8.GetBytes(string.Join('\n', names));
    }
}
