using NovaOrleans.Api.Routes;

namespace NovaOrleans.Api.Catalogue;

/// <summary>Compute API 1.1's flavors and images, as the operator's list has them.</summary>
internal sealed class CatalogueRoutes(MachineCatalogue catalogue) : ICoreRoutes
{
    public const string Flavors = "/v1.1/flavors";
    public const string Images = "/v1.1/images";

    public IEnumerable<ApiRoute> Routes() =>
    [
        Route(Flavors, r => List(r, "flavors", "flavor", catalogue.Flavors, WriteShort), "The flavors, in short"),
        Route($"{Flavors}/detail", r => List(r, "flavors", "flavor", catalogue.Flavors, WriteFull),
            "The flavors, in full"),
        Route($"{Flavors}/{{id}}", r => Show(r, "flavor", catalogue.FindFlavor(r.Route("id")), WriteFull, NoFlavor),
            "One flavor"),
        Route(Images, r => List(r, "images", "image", catalogue.Images, WriteShort), "The images, in short"),
        Route($"{Images}/detail", r => List(r, "images", "image", catalogue.Images, WriteFull), "The images, in full"),
        Route($"{Images}/{{id}}", r => Show(r, "image", catalogue.FindImage(r.Route("id")), WriteFull, NoImage),
            "One image"),
    ];

    private static ApiRoute Route(string pattern, Func<ApiRequest, ApiAnswer> answer, string summary) => new(
        HttpMethod.Get, pattern, Access.Caller, r => Task.FromResult(answer(r)), new RouteDescription(summary));

    private static ApiAnswer List<T>(
        ApiRequest request, string name, string item, IReadOnlyList<T> items, Action<ResourceWriter, ApiRequest, T> write) =>
        ApiAnswer.Ok(w =>
        {
            w.BeginList(name, item);
            foreach (T one in items)
            {
                w.BeginItem();
                write(w, request, one);
                w.EndItem();
            }

            w.EndList();
        });

    private static ApiAnswer Show<T>(
        ApiRequest request, string name, T? found, Action<ResourceWriter, ApiRequest, T> write, RefusalCode unknown)
        where T : class => found is null
        ? Refusal.NotFound(unknown, name, BodyText.Shown(request.Route("id")))
        : ApiAnswer.Ok(w =>
        {
            w.BeginRoot(name);
            write(w, request, found);
            w.EndRoot();
        });

    private const RefusalCode NoFlavor = RefusalCode.FlavorNotFound;
    private const RefusalCode NoImage = RefusalCode.ImageNotFound;

    private static void WriteShort(ResourceWriter w, ApiRequest request, Flavor flavor) =>
        WriteHead(w, request, flavor.Id, flavor.Name, Flavors);

    private static void WriteShort(ResourceWriter w, ApiRequest request, Image image) =>
        WriteHead(w, request, image.Id, image.Name, Images);

    private static void WriteFull(ResourceWriter w, ApiRequest request, Flavor flavor)
    {
        w.Field("ram", flavor.MemoryMib);
        w.Field("vcpus", flavor.Vcpus);
        w.Field("disk", flavor.DiskGib);
        WriteShort(w, request, flavor);
    }

    /// <summary>Which files of a host it means is the operator's matter and not told.</summary>
    private static void WriteFull(ResourceWriter w, ApiRequest request, Image image)
    {
        w.Field("status", "ACTIVE");
        w.Field("progress", 100);
        w.Field("ec2_id", image.Ec2Id);
        w.Field("bootable", image.Boot is not null);
        WriteShort(w, request, image);
    }

    private static void WriteHead(ResourceWriter w, ApiRequest request, string id, string name, string collection)
    {
        w.Field("id", id);
        w.Field("name", name);
        w.BeginList("links", "link");
        w.BeginItem();
        w.Field("rel", "self");
        w.Field("href", request.Href($"{collection}/{id}"));
        w.EndItem();
        w.EndList();
    }
}
