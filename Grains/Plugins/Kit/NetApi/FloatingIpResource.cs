using NovaOrleans.FloatingIps;
using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>A floating IP as the API shows it (rows R21, R24).</summary>
internal static class FloatingIpResource
{
    public static void Write(ResourceWriter writer, FloatingIpView floating)
    {
        writer.BeginRoot("floating_ip");
        WriteFields(writer, floating);
        writer.EndRoot();
    }

    public static void WriteList(ResourceWriter writer, IReadOnlyList<FloatingIpView> floating)
    {
        writer.BeginList("floating_ips", "floating_ip");
        foreach (FloatingIpView one in floating)
        {
            writer.BeginItem();
            WriteFields(writer, one);
            writer.EndItem();
        }

        writer.EndList();
    }

    /// <summary>As an operator sees all of them: nova's <c>floating_ip_info</c>.</summary>
    public static void WriteBulk(ResourceWriter writer, IReadOnlyList<FloatingIpView> floating)
    {
        writer.BeginList("floating_ip_info", "floating_ip");
        foreach (FloatingIpView one in floating)
        {
            writer.BeginItem();
            writer.Field("id", one.Id.Value);
            writer.Field("address", one.Address.ToString());
            writer.Field("pool", one.Pool);
            writer.Field("interface", one.Interface);
            writer.Field("project_id", one.Project?.Value);
            writer.Field("fixed_ip", one.Fixed?.ToString());
            writer.Field("instance_uuid", one.Instance?.Value);
            writer.EndItem();
        }

        writer.EndList();
    }

    private static void WriteFields(ResourceWriter writer, FloatingIpView floating)
    {
        writer.Field("id", floating.Id.Value);
        writer.Field("ip", floating.Address.ToString());
        writer.Field("fixed_ip", floating.Fixed?.ToString());
        writer.Field("instance_id", floating.Instance?.Value);
        writer.Field("ethernet_card_id", floating.Vnic?.Value);
        writer.Field("project_id", floating.Project?.Value);
        writer.Field("pool", floating.Pool);
    }
}
