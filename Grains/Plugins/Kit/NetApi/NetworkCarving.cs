using System.Globalization;
using System.Numerics;
using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Carves the ranges of a request into its networks (nova behaviours 22 to 28). Pure; faults go to the body.
/// </summary>
internal static class NetworkCarving
{
    private const int ShortestPrefix = 8;
    private const int LongestPrefix = 30;

    /// <summary>One prefix a network, or null where the request has no IPv4 range or a bad one.</summary>
    public static IReadOnlyList<Cidr4>? Carve4(NetworkOrder order, BodyReader body)
    {
        if (order.Cidr is not { } range)
        {
            return null;
        }

        if (!IsUnicast(range))
        {
            body.Reject("cidr", $"{range} is not a range of unicast addresses that a guest can have.");
            return null;
        }

        if (order is { Count: 1, Size: null })
        {
            return Sized(range, body) ? [range] : null;
        }

        int size = order.Size ?? NetworkOrder.UsualSize;
        if (!BitOperations.IsPow2(size))
        {
            body.Reject("network_size", $"A network has a power of two of addresses, as in 256; {size} is none.");
            return null;
        }

        int length = 32 - BitOperations.Log2((uint)size);
        long room = range.Size / size;
        if (room < order.Count)
        {
            body.Reject("num_networks", string.Create(
                CultureInfo.InvariantCulture,
                $"{range} has room for {room} networks of {size} addresses, not for {order.Count}."));
            return null;
        }

        var carved = new Cidr4[order.Count];
        for (int i = 0; i < carved.Length; i++)
        {
            Cidr4.TryCreate(range.Network + (uint)(i * size), length, out carved[i]);
        }

        return carved;
    }

    /// <summary>One /64 a network: their addresses are computed from MACs.</summary>
    public static IReadOnlyList<Cidr6>? Carve6(NetworkOrder order, BodyReader body)
    {
        if (order.CidrV6 is not { } range)
        {
            return null;
        }

        if (range.Length > 64 || (range.Length > 32 && order.Count > 1L << (64 - range.Length)))
        {
            body.Reject("cidr_v6", string.Create(
                CultureInfo.InvariantCulture, $"{range} has no room for {order.Count} networks of a /64 each."));
            return null;
        }

        return [.. Enumerable.Range(0, order.Count).Select(i =>
            Cidr6.Parse($"{new Ip6Address(range.Network.High + (uint)i, 0)}/64"))];
    }

    private static bool Sized(Cidr4 cidr, BodyReader body)
    {
        bool good = cidr.Length is >= ShortestPrefix and <= LongestPrefix;
        if (!good)
        {
            body.Reject("cidr", string.Create(
                CultureInfo.InvariantCulture,
                $"A network is a /{ShortestPrefix} to a /{LongestPrefix}; {cidr} is not."));
        }

        return good;
    }

    /// <summary>Outside of 0/8, 127/8 and of 224/3, multicast and what is reserved (RFC 6890).</summary>
    private static bool IsUnicast(Cidr4 range)
    {
        (uint first, uint last) = (range.Network.Bits >> 24, range.Broadcast.Bits >> 24);
        return first > 0 && last < 224 && !(first <= 127 && last >= 127);
    }
}
