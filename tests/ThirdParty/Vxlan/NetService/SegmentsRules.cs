namespace Vxlan.NetService;

/// <summary>Which VNI a segment gets, and which are given back. Pure.</summary>
internal static class SegmentsRules
{
    public static Outcome<Vni> Choose(SegmentsState state, NewSegment segment, VxlanOptions options)
    {
        if (state.Vnis.TryGetValue(segment.Id.Value, out int already))
        {
            return Vni.Create(already);
        }

        HashSet<int> taken = [.. state.Vnis.Values];
        if (segment.Vni is { } wanted)
        {
            return taken.Contains(wanted.Value)
                ? new Refusal(RefusalCode.Conflict, $"VNI {wanted} is used by another segment.", wanted.ToString(), "vni")
                : wanted;
        }

        for (int vni = options.FirstVni; vni <= options.LastVni; vni++)
        {
            if (!taken.Contains(vni))
            {
                return Vni.Create(vni);
            }
        }

        return new Refusal(
            RefusalCode.NoMoreNetworks, $"All {options.LastVni - options.FirstVni + 1} VNIs from {options.FirstVni} to {options.LastVni} "
                + "are in use.", Field: "vni");
    }

    /// <summary>What the ledger does not have: at first it is doubted, and when it is missing again it is given back.</summary>
    public static bool Compare(SegmentsState state, IReadOnlySet<Guid> networks)
    {
        Guid[] missing = [.. state.Vnis.Keys.Where(n => !networks.Contains(n))];
        if (missing.Length == 0 && state.Doubtful.Count == 0)
        {
            return false;
        }

        foreach (Guid gone in missing.Where(state.Doubtful.Contains))
        {
            state.Vnis.Remove(gone);
        }

        state.Doubtful = [.. missing.Where(state.Vnis.ContainsKey)];
        return true;
    }
}
