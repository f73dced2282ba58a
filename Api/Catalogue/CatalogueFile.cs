using NovaOrleans.Instances;

namespace NovaOrleans.Api.Catalogue;

/// <summary>
/// The operator's list of flavors and images, a JSON file; docs/api.md shows one. What it leaves out is as in <see
/// cref="MachineCatalogue.Default"/>. It is read like a request's body, so that all its faults are told at once.
/// </summary>
public static class CatalogueFile
{
    private const string Printable = "printable ASCII characters";

    /// <exception cref="OperatingFaultException">The file cannot be read, or something in it is wrong.</exception>
    public static MachineCatalogue Read(string file)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatingFaultException($"the list of images {file} cannot be read", mayRetry: false, e);
        }

        return Parse(text).Try(out MachineCatalogue? catalogue, out Refusal? refusal)
            ? catalogue
            : throw new OperatingFaultException(
                $"the list of images {file}: {string.Join(' ', refusal.More.Prepend(refusal).Select(r => r.Reason))}",
                mayRetry: false);
    }

    public static Outcome<MachineCatalogue> Parse(ReadOnlyMemory<byte> json)
    {
        if (!BodyParser.Parse(json, BodyFormat.Json).Try(out BodyNode? root, out Refusal? refusal))
        {
            return refusal;
        }

        BodyReader body = new(root);
        List<Flavor>? flavors = body.Objects("flavors")?.Select(ReadFlavor).ToList();
        List<Image>? images = body.Objects("images")?.Select(ReadImage).ToList();
        if (flavors is [])
        {
            body.Reject("flavors", "Field 'flavors' is empty; leave it out to have the usual ones.");
        }

        Unique(body, "flavors", flavors?.SelectMany(f => new[] { f.Id, f.Name }.Distinct()));
        Unique(body, "images", images?.SelectMany(i => new[] { i.Id, i.Name, i.Ec2Id }.Distinct()));
        return body.Faulty(out refusal)
            ? refusal
            : new MachineCatalogue(
                flavors ?? MachineCatalogue.Default.Flavors, images ?? MachineCatalogue.Default.Images);
    }

    private static Flavor ReadFlavor(BodyReader flavor)
    {
        const int most = 1 << 20;
        flavor.Require("memory_mib", $"a number from 16 to {most}");
        return new Flavor(
            Id(flavor), Name(flavor), flavor.Integer("memory_mib", 16, most) ?? 0, flavor.Integer("vcpus", 1, 256) ?? 1,
            flavor.Integer("disk_gib", 0, most) ?? 0);
    }

    private static Image ReadImage(BodyReader image)
    {
        string? kernel = image.Text("kernel", MachineImage.IsFile, MachineImage.FileAccepts);
        string? disk = image.Text("disk", MachineImage.IsFile, MachineImage.FileAccepts);
        MachineImage boot = new(
            Id(image), kernel, image.Text("initrd", MachineImage.IsFile, MachineImage.FileAccepts),
            image.Text("cmdline", IsPrintable, Printable) ?? "", disk,
            image.OneOf("disk_format", "qcow2", "raw") ?? "qcow2",
            image.OneOf("drive_label", "config-2", "cidata") ?? "config-2");
        if (kernel is null && (boot.Initrd is not null || boot.CommandLine.Length > 0))
        {
            image.Reject("kernel", "Fields 'initrd' and 'cmdline' of an image are for one with a 'kernel'.");
        }

        return new Image(boot.Id, Name(image), kernel is null && disk is null ? null : boot);
    }

    private static string Id(BodyReader item)
    {
        const string accepts = "1 to 64 letters, digits, '.', '_' or '-'";
        item.Require("id", accepts);
        return item.Text("id", id => Names.IsIdentifier(id, 64), accepts) ?? "";
    }

    private static string Name(BodyReader item) => item.Label("name") is { } name ? name : Id(item);

    private static void Unique(BodyReader body, string list, IEnumerable<string>? words)
    {
        if (words?.Where(w => w.Length > 0).GroupBy(w => w, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)
            is { } twice)
        {
            body.Reject(list, $"Field '{list}' has two that are called '{twice.Key}'.");
        }
    }

    private static bool IsPrintable(string? text) => text is { Length: <= 2048 } && text.All(c => c is >= ' ' and <= '~');
}
