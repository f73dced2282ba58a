namespace NovaOrleans.Agent.Compute;

/// <summary>
/// Where a guest's NICs are to be found, told to the network side without a word of what a NIC carries.
/// </summary>
public abstract record GuestAttachment;

/// <summary>
/// The far end of each NIC goes into the kernel namespace of this name, as <c>eth0</c>, <c>eth1</c>, …
/// </summary>
public sealed record GuestSpace(string Name) : GuestAttachment
{
    public override string ToString() => Name;
}

/// <summary>
/// The guest's hypervisor makes the host's end when the guest starts, under the name that was agreed on, and takes it
/// away with the guest.
/// </summary>
public sealed record MadeByHypervisor : GuestAttachment
{
    public static MadeByHypervisor Instance { get; } = new();

    public override string ToString() => "made by hypervisor";
}

/// <summary>The guest's hypervisor opens the host's end itself, by name.</summary>
public sealed record OpenedByHypervisor : GuestAttachment
{
    public static OpenedByHypervisor Instance { get; } = new();

    public override string ToString() => "hypervisor";
}
