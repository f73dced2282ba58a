using NovaOrleans.Networks;

namespace NovaOrleans.Pools;

/// <summary>
/// What a pool knows without asking: its network, its epoch, a bit an address and three counts; no object per VNIC. It
/// is rebuilt from the rows by each activation, and only ever ahead of them by what is being committed.
/// </summary>
public sealed class FixedIpPoolState
{
    private readonly PriorityQueue<long, DateTimeOffset> _resting = new();
    private readonly AddressBitmap? _bits;

    /// <summary>The position, in the subnet, of the first address that may be handed out.</summary>
    private readonly long _first;

    public FixedIpPoolState(NetworkView network, long epoch, bool open)
    {
        (Network, Epoch, Open) = (network, epoch, open);
        if (network.Subnet4 is not { } subnet)
        {
            return;
        }

        _first = subnet.Allowed.First.Bits - subnet.Cidr.Network.Bits;
        _bits = new AddressBitmap(subnet.Allowed.Size);
        foreach (Ip4Address never in FixedIpPoolRules.NeverHandedOut(network).Distinct().Where(subnet.Allowed.Contains))
        {
            _bits.TryTake(Index(PositionOf(never)));
        }

        Size = _bits.Size - _bits.Taken;
    }

    public NetworkView Network { get; }
    public long Epoch { get; }
    public bool Open { get; set; }

    /// <summary>Whether the rows had addresses on their way out when they were read.</summary>
    public bool HasLeaving { get; private set; }

    /// <summary>How many addresses may be handed out at all.</summary>
    public long Size { get; }

    public long Held { get; private set; }
    public long Reserved { get; private set; }
    public long Quarantined { get; private set; }

    public DateTimeOffset? NextFreeAt => _resting.TryPeek(out _, out DateTimeOffset until) ? until : null;

    public PoolView View => new(
        Network.Id, _bits is null ? Held : Size, Held, Reserved, Quarantined, NextFreeAt);

    public bool HasAddresses => _bits is not null;

    public long PositionOf(Ip4Address address) => (long)address.Bits - Network.Subnet4!.Cidr.Network.Bits;

    public Ip4Address AddressAt(long position) => Network.Subnet4!.Cidr.Network + (uint)position;

    /// <summary>The next free position, not yet taken; −1 if there is none.</summary>
    public long FindFree() => _bits!.FindFree() is var index and >= 0 ? index + _first : -1;

    public bool IsTaken(long position) => _bits!.IsTaken(Index(position));

    /// <summary>
    /// Counts ports that are there, all of one phase but a resting one, and takes the addresses that they have: a bit each, of the 32
    /// from <paramref name="position"/> on.
    /// </summary>
    public void Restore(PortPhase phase, long ports, long position, uint bits)
    {
        _bits?.Take(Index(position), bits);
        if (phase == PortPhase.Reserved)
        {
            Reserved += ports;
            return;
        }

        Held += ports;
        HasLeaving |= phase == PortPhase.Releasing;
    }

    /// <summary>Counts a port that is about to be, and takes its address where it has one.</summary>
    public void Hold(long? position)
    {
        Take(position);
        Held++;
    }

    /// <summary>Counts a port out: its address is free at once, or rests.</summary>
    public void Release(long? position, DateTimeOffset? quarantinedUntil = null)
    {
        Held--;
        if (quarantinedUntil is { } until && position is { } resting)
        {
            Rest(resting, until);
        }
        else
        {
            Free(position);
        }
    }

    public void Rest(long position, DateTimeOffset until)
    {
        Take(position);
        Quarantined++;
        _resting.Enqueue(position, until);
    }

    /// <summary>The rows say that these have rested enough, up to <paramref name="until"/>.</summary>
    public void EndRest(IEnumerable<long?> positions, DateTimeOffset until)
    {
        foreach (long position in positions.OfType<long>())
        {
            Quarantined--;
            Free(position);
        }

        while (_resting.TryPeek(out _, out DateTimeOffset next) && next <= until)
        {
            _resting.Dequeue();
        }
    }

    public void Reserve(long position)
    {
        Take(position);
        Reserved++;
    }

    public void Unreserve(long position)
    {
        Reserved--;
        Free(position);
    }

    /// <summary>A resting address that the operator keeps.</summary>
    public void RestToReserved()
    {
        Quarantined--;
        Reserved++;
    }

    public void MoveCursorBehind(long position)
    {
        if (_bits is not null && InRange(position))
        {
            _bits.MoveCursor(Index(position) + 1);
        }
    }

    // A row outside of what may be handed out today stays what it is; it has no bit.
    private bool InRange(long position) => Index(position) is var index && index >= 0 && index < _bits!.Size;

    private long Index(long position) => position - _first;

    private void Take(long? position)
    {
        if (position is { } taken && _bits is not null && InRange(taken))
        {
            _bits.TryTake(Index(taken));
        }
    }

    private void Free(long? position)
    {
        if (position is { } freed && _bits is not null && InRange(freed)
            && !FixedIpPoolRules.NeverHandedOut(Network).Contains(AddressAt(freed)))
        {
            _bits.Free(Index(freed));
        }
    }
}
