using NovaOrleans.Http;
using NovaOrleans.Pools;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>A port, which for these services is a fixed IP, as the API shows it (rows R13 to R18).</summary>
internal static class PortResource
{
    public const string Active = "ACTIVE";
    public const string Down = "DOWN";
    public const string States = Active + " or " + Down;

    public static string? ReadState(BodyReader body) => body.OneOf("state", Active, Down);

    public static void Write(ResourceWriter writer, ApiRequest request, PortView port)
    {
        writer.BeginRoot("port");
        WriteFields(writer, port, detail: true);
        writer.WriteLinks(request, $"networks/{port.Network}/ports/{port.Id}");
        writer.EndRoot();
    }

    /// <summary><c>{"attachment":{"id":…}}</c>, or <c>{}</c> where nothing is plugged in (rows R18).</summary>
    public static void WriteAttachment(ResourceWriter writer, PortView port)
    {
        if (port.Vnic is { } vnic)
        {
            writer.BeginRoot("attachment");
            writer.Field("id", vnic.Value);
            writer.EndRoot();
        }
    }

    public static void WriteList(ResourceWriter writer, IReadOnlyList<PortView> ports, bool detail)
    {
        writer.BeginList("ports", "port");
        foreach (PortView port in ports)
        {
            writer.BeginItem();
            WriteFields(writer, port, detail);
            writer.EndItem();
        }

        writer.EndList();
    }

    private static void WriteFields(ResourceWriter writer, PortView port, bool detail)
    {
        writer.Field("id", port.Id.Value);
        writer.Field("state", port.Up ? Active : Down);
        if (!detail)
        {
            return;
        }

        writer.Field("network_id", port.Network.Value);
        writer.Field("project_id", port.Project.Value);
        writer.Field("address", port.Address?.ToString());
        writer.Field("address_v6", port.AddressV6?.ToString());
        writer.Field("phase", Phase(port.Phase));
        writer.Field("leased", port.LeasedUntil is not null);
        writer.Field("leased_until", port.LeasedUntil);
        writer.Field("created_at", port.CreatedAt);
        if (port.Vnic is { } vnic)
        {
            writer.BeginObject("attachment");
            writer.Field("id", vnic.Value);
            writer.EndObject();
        }
    }

    public static string Phase(PortPhase phase) => phase switch
    {
        PortPhase.Allocated => "allocated",
        PortPhase.Held => "held",
        PortPhase.Quarantined => "quarantined",
        PortPhase.Reserved => "reserved",
        PortPhase.Active => "active",
        PortPhase.Releasing => "releasing",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "a phase without a word"),
    };
}
