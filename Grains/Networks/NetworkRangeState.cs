namespace NovaOrleans.Networks;

/// <summary>What is taken among the networks of one service: read from the rows before each creation.</summary>
public sealed record NetworkRangeState(IReadOnlyList<NetworkRangeState.Taken> Networks)
{
    /// <summary>What one live network takes. Ranges are null for a network without that family.</summary>
    public sealed record Taken(
        NetworkId Id, string Label, Cidr4? Cidr, Cidr6? CidrV6, VlanTag? Vlan, string? VpnAddress, int? VpnPort, string? Bridge)
    {
        /// <summary>Whether nothing outside reaches it, so that its ranges are no one else's concern.</summary>
        public bool Isolated { get; init; }
    }
}
