namespace NovaOrleans.Agent;

/// <summary>
/// Open vSwitch as its database has it. <paramref name="Fault"/>: why it could not be read; then nothing of it is
/// known, and nothing is changed.
/// </summary>
public sealed record ActualSwitch(string? Fault, ImmutableSortedDictionary<string, ActualSwitchBridge> Bridges)
{
    public static ActualSwitch Empty { get; } = new(null, DesiredHost.Named<ActualSwitchBridge>());

    /// <summary>The bridge that has a port of this name.</summary>
    public ActualSwitchBridge? BridgeWith(string port) => Bridges.Values.FirstOrDefault(b => b.Ports.ContainsKey(port));
}

/// <summary>A bridge of Open vSwitch. <see cref="Ours"/> as of a link: marked by an agent.</summary>
public sealed record ActualSwitchBridge(
    string Name, bool Ours, ImmutableSortedDictionary<string, ActualSwitchPort> Ports);

/// <summary>
/// A port of Open vSwitch: an access port has a tag, a trunk the tags that it carries.
/// <paramref name="Fault"/> is what Open vSwitch says where it could not open the link.
/// </summary>
public sealed record ActualSwitchPort(
    string Name, bool Ours, VlanTag? Tag, ImmutableSortedSet<int> Trunks, string? Fault = null)
{
    public bool Carries(ImmutableSortedSet<int> tags) => Trunks.SetEquals(tags);
}
