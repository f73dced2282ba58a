using System.Text;

namespace NovaOrleans.Agent.Compute.Libvirt;

/// <summary>
/// Files as an initramfs archive (cpio, format newc; kernel Documentation/driver-api/early-userspace/buffer-format.rst).
/// The kernel unpacks archives that stand one after the other, so this one behind an image's own puts files into the
/// guest. Pure.
/// </summary>
internal static class CpioArchive
{
    private const int Folder = 0x41ED;
    private const int Regular = 0x81A4;

    /// <summary><paramref name="files"/>: full path in the guest to text.</summary>
    public static byte[] Of(IReadOnlyDictionary<string, string> files)
    {
        using MemoryStream archive = new();
        int number = 0;
        foreach (string folder in files.Keys.SelectMany(FoldersOf).Distinct().Order(StringComparer.Ordinal))
        {
            Add(archive, ++number, Folder, folder, []);
        }

        foreach ((string path, string text) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            Add(archive, ++number, Regular, path.TrimStart('/'), Encoding.UTF8.GetBytes(text));
        }

        Add(archive, 0, 0, "TRAILER!!!", []);
        return archive.ToArray();
    }

    private static IEnumerable<string> FoldersOf(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(1, parts.Length - 1).Select(n => string.Join('/', parts[..n]));
    }

    private static void Add(MemoryStream archive, int number, int mode, string name, byte[] content)
    {
        int[] fields =
        [
            number, mode, 0, 0, mode == Folder ? 2 : 1, 0, content.Length, 0, 0, 0, 0, Encoding.UTF8.GetByteCount(name) + 1, 0,
        ];
        Write(archive, "070701" + string.Concat(fields.Select(f => f.ToString("X8", CultureInfo.InvariantCulture))));
        Write(archive, name + '\0');
        Pad(archive);
        archive.Write(content);
        Pad(archive);
    }

    private static void Write(MemoryStream archive, string text) => archive.Write(Encoding.UTF8.GetBytes(text));

    private static void Pad(MemoryStream archive)
    {
        while (archive.Length % 4 != 0)
        {
            archive.WriteByte(0);
        }
    }
}
