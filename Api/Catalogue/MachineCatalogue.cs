using NovaOrleans.Instances;

namespace NovaOrleans.Api.Catalogue;

/// <summary>
/// The flavors and images of this cloud: a list of the operator's, the same for every API that launches instances. It
/// is read at start and does not change while the process lives.
/// </summary>
public sealed class MachineCatalogue
{
    /// <summary>Setting <c>--images</c>: the file with the list.</summary>
    public const string FileSetting = "images";

    public MachineCatalogue(IReadOnlyList<Flavor> flavors, IReadOnlyList<Image> images) =>
        (Flavors, Images) = (flavors, images);

    /// <summary>Nova's five flavors, and one image without anything to boot.</summary>
    public static MachineCatalogue Default { get; } = new(
        [
            new("1", "m1.tiny", 512, 1, 0),
            new("2", "m1.small", 2048, 1, 20),
            new("3", "m1.medium", 4096, 2, 40),
            new("4", "m1.large", 8192, 4, 80),
            new("5", "m1.xlarge", 16384, 8, 160),
        ],
        [new("00000000-0000-8000-8000-000000000001", "namespace guest", null)]);

    public IReadOnlyList<Flavor> Flavors { get; }

    public IReadOnlyList<Image> Images { get; }

    /// <summary>The flavor of this id, name, or link that ends in the id; null if there is none.</summary>
    public Flavor? FindFlavor(string? reference) =>
        LastWord(reference) is { } word ? Flavors.FirstOrDefault(f => f.Id == word || f.Name == word) : null;

    /// <summary>
    /// The image of this id, EC2 id, name, or link that ends in the id; null if there is none.
    /// </summary>
    public Image? FindImage(string? reference) => LastWord(reference) is { } word
        ? Images.FirstOrDefault(i => i.Id == word || i.Ec2Id == word || i.Name == word) : null;

    /// <summary>
    /// What an instance is launched as. References that are not in the lists are no fault: they are kept and mean
    /// nothing. But a machine that can boot needs a size, so that a wrong flavor of such an image is refused; without
    /// one it gets the first of the list.
    /// </summary>
    public Outcome<MachineSpec?> MachineOf(string? imageRef, string? flavorRef)
    {
        MachineImage? boot = FindImage(imageRef)?.Boot;
        Flavor? flavor = FindFlavor(flavorRef);
        if (boot is not null && flavor is null && flavorRef is not null)
        {
            string known = string.Join(", ", Flavors.Select(f => $"{f.Id} ({f.Name})"));
            return new Refusal(
                RefusalCode.MalformedRequest,
                $"Field 'flavorRef' was '{BodyText.Shown(flavorRef)}'; accepted are the flavors {known}.",
                Field: "flavorRef");
        }

        flavor ??= boot is null ? null : Flavors[0];
        return Outcome.Of(flavor is null ? null : new MachineSpec(flavor.MemoryMib, flavor.Vcpus, boot));
    }

    private static string? LastWord(string? reference) => reference?[(reference.LastIndexOf('/') + 1)..];
}
