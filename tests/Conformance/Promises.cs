using NovaOrleans.Conformance.Kept;

namespace NovaOrleans.Conformance;

/// <summary>All promises, in the order in which they are asked for: a later one may change what an earlier one reads.</summary>
internal static class Promises
{
    public static IReadOnlyList<Promise> All { get; } =
    [
        new("loads", "It is loaded by the product's own loader, for this contract's version, and opens its three doors.",
            "S96 S110 S111 S112 S113 S114 S115 S116", "", Doors.Loads),
        new("routes", "Its routes are below its own prefix, and nowhere else.", "S16 S61 S101 S102 S103", "loads", Doors.Routes),
        new("answers", "Its routes answer what its file says; what cannot be read is refused and makes nothing.",
            "S56 S59", "loads routes", Doors.Answers),
        new("formats", "What it answers in XML is what it answers in JSON.", "S60", "loads routes answers", Doors.Formats),
        new("vnic", "A launch without VNICs gets a new one each time, usable at once.",
            "S118 S119 S120 S121 S122 S123", "loads routes", Cards.Vnic),
        new("repeat", "The same again changes nothing: VNIC id, binding, Idempotency-Key.", "S127 S130", "loads vnic", Cards.Repeat),
        new("validation", "VNICs that cannot be used are refused, and validation makes nothing.", "S83 S114", "loads vnic", Cards.Validation),
        new("ownership", "Another project's VNIC is not there.", "S83 S129", "loads vnic", Cards.Ownership),
        new("refusal", "A launch that is refused leaves nothing behind.", "S123", "loads routes", Cards.Refusal),
        new("vpn", "A VPN endpoint is an address and a port, always the same, or none.", "S124 S125 S126", "loads routes", Cards.Vpn),
        new("races", "What comes at once ends as if one came after the other.", "S127", "loads vnic repeat", Cards.Races),
        new("translates", "Bindings become a fragment, at once and with a port for each.", "S117", "loads vnic", Translation.Translates),
        new("pure", "Translation knows no clock, chance, process, file or socket.", "S117", "loads", Translation.Pure),
        new("steady", "The same bindings give the same fragment, in any order and any process.",
            "S117", "loads vnic translates", Translation.Steady),
        new("info", "A guest's network has its thirteen keys, its interface names MAC and port, and file injection is asked for alike.",
            "S92 S135 S136 S137 S138 S139 S140 S141 S142", "loads vnic", Translation.Info),
        new("any-state", "On a host any bindings may follow any others, and what is over leaves nothing.",
            "S128 S132 S133", "loads vnic translates steady", OnHosts.AnyState),
        new("boots", "A guest that is launched over the API becomes active on its host.",
            "S84 S86 S120 S128 S131 S132", "loads vnic translates", OnHosts.Boots),
        new("teardown", "A guest that is deleted leaves nothing on its host.", "S133 S134", "loads vnic translates", OnHosts.Teardown),
        new("storage", "Whatever commit is refused, or acknowledged to nobody, a repeat ends well.",
            "S127", "loads vnic repeat", Storage.Faults),
        new("restart", "A card that was made before the server died is bound after.", "S64 S127", "loads vnic", Lives.Restart),
        new("leaks", "When everything is deleted nothing is held, and the audit is clean.", "S123 S133", "loads vnic", Storage.Leaks),
    ];

    /// <summary>These, and what they need; all for null.</summary>
    public static IEnumerable<Promise> With(IReadOnlyList<string>? only)
    {
        HashSet<string> wanted = [.. only ?? [.. All.Select(p => p.Name)]];
        foreach (Promise promise in All.Reverse().Where(p => wanted.Contains(p.Name)).ToList())
        {
            wanted.UnionWith(promise.NeedList);
        }

        return All.Where(p => wanted.Contains(p.Name));
    }
}
