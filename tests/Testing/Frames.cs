using System.Buffers.Binary;

namespace NovaOrleans.Testing;

/// <summary>Ethernet frames, byte by byte, honest and forged. Checksums that no guard looks at are left out.</summary>
public static class Frames
{
    public const string Everyone = "ff:ff:ff:ff:ff:ff";

    public static byte[] Ethernet(string from, string to, int type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Math.Max(60, 14 + payload.Length)];
        MacAddressBytes(to).CopyTo(frame, 0);
        MacAddressBytes(from).CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)type);
        payload.CopyTo(frame.AsSpan(14));
        return frame;
    }

    public static byte[] Udp4(
        (string Mac, string Ip) from, (string Mac, string Ip) to, (int From, int To) ports, ReadOnlySpan<byte> text)
    {
        byte[] packet = new byte[28 + text.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        Address(from.Ip).CopyTo(packet, 12);
        Address(to.Ip).CopyTo(packet, 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20)));
        Udp(packet.AsSpan(20), ports, text);
        return Ethernet(from.Mac, to.Mac, 0x0800, packet);
    }

    public static byte[] Udp6(
        (string Mac, string Ip) from, (string Mac, string Ip) to, (int From, int To) ports, ReadOnlySpan<byte> text)
    {
        byte[] packet = new byte[48 + text.Length];
        Header6(packet, 17, from.Ip, to.Ip);
        Udp(packet.AsSpan(40), ports, text);
        return Ethernet(from.Mac, to.Mac, 0x86dd, packet);
    }

    public static byte[] RouterAdvertisement((string Mac, string Ip) from)
    {
        byte[] packet = new byte[56];
        Header6(packet, 58, from.Ip, "ff02::1");
        packet[40] = 134;
        return Ethernet(from.Mac, "33:33:00:00:00:01", 0x86dd, packet);
    }

    /// <summary>
    /// A neighbour solicitation (135) or advertisement (136), or a router solicitation (133), which has no target. An option is
    /// a type with a card: 1 the source's, 2 the target's.
    /// </summary>
    public static byte[] Neighbor(
        byte type, (string Mac, string Ip) from, (string Mac, string Ip) to, string? target, params (byte Type, string Mac)[] options)
    {
        byte[] message =
        [
            type, 0, 0, 0, 0, 0, 0, 0, .. target is null ? [] : Address(target),
            .. options.SelectMany(o => new byte[] { o.Type, 1 }.Concat(MacAddressBytes(o.Mac))),
        ];
        byte[] packet = new byte[40 + message.Length];
        Header6(packet, 58, from.Ip, to.Ip);
        message.CopyTo(packet, 40);
        return Ethernet(from.Mac, to.Mac, 0x86dd, packet);
    }

    /// <summary>
    /// <paramref name="frameMac"/> is who sends the frame, <paramref name="sender"/> who it speaks of.
    /// </summary>
    public static byte[] Arp(string frameMac, int operation, (string Mac, string Ip) sender, string target)
    {
        byte[] packet =
        [
            0, 1, 8, 0, 6, 4, 0, (byte)operation,
            .. MacAddressBytes(sender.Mac), .. Address(sender.Ip), 0, 0, 0, 0, 0, 0, .. Address(target),
        ];
        return Ethernet(frameMac, Everyone, 0x0806, packet);
    }

    private static byte[] MacAddressBytes(string mac) => Convert.FromHexString(mac.Replace(":", "", StringComparison.Ordinal));

    private static byte[] Address(string text) => System.Net.IPAddress.Parse(text).GetAddressBytes();

    private static void Header6(byte[] packet, byte next, string from, string to)
    {
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - 40));
        packet[6] = next;
        packet[7] = 255;
        Address(from).CopyTo(packet, 8);
        Address(to).CopyTo(packet, 24);
    }

    private static void Udp(Span<byte> packet, (int From, int To) ports, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)ports.From);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)ports.To);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(8 + text.Length));
        text.CopyTo(packet[8..]);
    }

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        uint sum = 0;
        for (int i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        return (ushort)~((sum & 0xffff) + (sum >> 16));
    }
}
