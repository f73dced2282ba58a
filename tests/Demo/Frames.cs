using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace NovaOrleans.Demo;

/// <summary>Sixteen bytes by which a frame is known again, wherever it arrives.</summary>
internal readonly record struct Mark(UInt128 Value)
{
    public static Mark New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new Mark(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public void Write(Span<byte> into) => BinaryPrimitives.WriteUInt128BigEndian(into, Value);

    public bool IsIn(ReadOnlySpan<byte> frame)
    {
        Span<byte> bytes = stackalloc byte[16];
        Write(bytes);
        return frame.IndexOf(bytes) >= 0;
    }
}

/// <summary>Ethernet frames by hand, honest and not. Addresses are as text; every frame carries its mark.</summary>
internal static class Frames
{
    public const string Everyone = "ff:ff:ff:ff:ff:ff";

    private const int EthernetHeader = 14;
    private const int IpHeader = 20;
    private const int UdpHeader = 8;

    public sealed record Ends(string FromMac, string FromIp, string ToMac, string ToIp);

    public static byte[] Udp(Ends ends, ushort fromPort, ushort toPort, Mark mark)
    {
        byte[] payload = new byte[16];
        mark.Write(payload);
        return Udp(ends, fromPort, toPort, payload);
    }

    /// <summary>An ARP answer (RFC 826) that claims <paramref name="address"/>; the mark is in the padding.</summary>
    public static byte[] ArpClaim(string mac, string address, Ends to, Mark mark)
    {
        byte[] frame = new byte[60];
        Ethernet(frame, to.FromMac, to.ToMac, 0x0806);
        Span<byte> arp = frame.AsSpan(EthernetHeader);
        BinaryPrimitives.WriteUInt64BigEndian(arp, 0x0001_0800_06_04_0002);
        WriteMac(arp[8..], mac);
        WriteIp(arp[14..], address);
        WriteMac(arp[18..], to.ToMac);
        WriteIp(arp[24..], to.ToIp);
        mark.Write(arp[28..]);
        return frame;
    }

    /// <summary>A DHCP offer (RFC 2131) to everybody, as a guest that plays the server would send it.</summary>
    public static byte[] DhcpOffer(Ends ends, string offered, Mark mark)
    {
        byte[] message = new byte[300];
        message[0] = 2;
        message[1] = 1;
        message[2] = 6;
        WriteIp(message.AsSpan(16), offered);
        WriteIp(message.AsSpan(20), ends.FromIp);
        mark.Write(message.AsSpan(44));
        byte[] options = [99, 130, 83, 99, 53, 1, 2, 255];
        options.CopyTo(message, 236);
        return Udp(ends with { ToMac = Everyone, ToIp = "255.255.255.255" }, 67, 68, message);
    }

    private static byte[] Udp(Ends ends, ushort fromPort, ushort toPort, byte[] payload)
    {
        byte[] frame = new byte[Math.Max(60, EthernetHeader + IpHeader + UdpHeader + payload.Length)];
        Ethernet(frame, ends.FromMac, ends.ToMac, 0x0800);
        Span<byte> ip = frame.AsSpan(EthernetHeader);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(IpHeader + UdpHeader + payload.Length));
        ip[8] = 64;
        ip[9] = 17;
        WriteIp(ip[12..], ends.FromIp);
        WriteIp(ip[16..], ends.ToIp);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..IpHeader]));

        // A UDP checksum of 0 means none (RFC 768).
        Span<byte> udp = ip[IpHeader..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], toPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpHeader + payload.Length));
        payload.CopyTo(udp[UdpHeader..]);
        return frame;
    }

    private static void Ethernet(byte[] frame, string from, string to, ushort type)
    {
        WriteMac(frame, to);
        WriteMac(frame.AsSpan(6), from);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
    }

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        uint sum = 0;
        for (int i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }

    private static void WriteMac(Span<byte> into, string mac) =>
        Convert.FromHexString(mac.Replace(":", "", StringComparison.Ordinal)).CopyTo(into);

    private static void WriteIp(Span<byte> into, string address) => IPAddress.Parse(address).GetAddressBytes().CopyTo(into);
}
