namespace Vxlan;

/// <summary>What the three doors know of a segment beside what the core does: the ledger keeps it, and tells it to hosts.</summary>
internal static class SegmentFacts
{
    public const string VniKey = "vni";

    /// <summary>Null where the network was not made by this service's own routes.</summary>
    public static Vni? VniOf(NetworkFacts network) =>
        network.Extra.TryGetValue(VniKey, out string? text) && NovaOrleans.Vocabulary.Vni.TryParse(text, out Vni vni) ? vni : null;
}
