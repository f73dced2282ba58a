using System.Security.Cryptography;
using NovaOrleans.Testing;

namespace NovaOrleans.Demo;

/// <summary>
/// A guest that sends what it may not, and its neighbour's ear on the same wire. An honest frame goes last: once it has
/// arrived, what was sent before it and has not arrived was dropped.
/// </summary>
internal sealed class HostileGuest(Guest attacker, Guest neighbour)
{
    private const string StolenMac = "02:de:ad:be:ef:01";
    private const int MarkLength = 8;

    /// <summary>Long enough that a UDP frame needs no padding, which netfilter cuts off on its way.</summary>
    private const int TextLength = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly (int, int) Honest = (40000, 40000);

    private readonly (string Mac, string Ip) _from = (attacker.Mac, attacker.Address);
    private readonly (string Mac, string Ip) _to = (neighbour.Mac, neighbour.Address);

    private string StolenIp => attacker.Address[..(attacker.Address.LastIndexOf('.') + 1)] + "200";

    public async Task Attack(Narrator narrator)
    {
        using RawFrames mouth = RawFrames.Open(attacker.Space, Guest.Nic);
        using RawFrames ear = RawFrames.Open(neighbour.Space, Guest.Nic);
        foreach ((string what, byte[] frame) in Attacks())
        {
            await narrator.Check($"{attacker.Name} sends {what}: dropped", () => Task.Run(() =>
            {
                byte[] mark = Mark(frame);
                byte[] before = HonestFrame(out byte[] markBefore);
                byte[] after = HonestFrame(out byte[] markAfter);
                mouth.Send(before);
                mouth.Send(frame);
                mouth.Send(after);
                return Hear(ear, markBefore, mark, markAfter);
            }));
        }
    }

    private IEnumerable<(string What, byte[] Frame)> Attacks()
    {
        byte[] text = new byte[TextLength];
        yield return ("a stolen IP address", Frames.Udp4((attacker.Mac, StolenIp), _to, Honest, text));
        yield return ("a stolen MAC", Frames.Udp4((StolenMac, attacker.Address), _to, Honest, text));
        yield return ("an ARP answer for another's address", Frames.Arp(attacker.Mac, 2, (attacker.Mac, StolenIp), _to.Ip));
        yield return ("an ARP answer with another's MAC", Frames.Arp(attacker.Mac, 2, (StolenMac, attacker.Address), _to.Ip));
        yield return ("a DHCP offer", Frames.Udp4(_from, (Frames.Everyone, "255.255.255.255"), (67, 68), DhcpOffer()));
        yield return ("an IPv6 router advertisement", Frames.RouterAdvertisement((attacker.Mac, "fe80::1")));
    }

    /// <summary>RFC 2131: op, hardware type and length; the offered address; the magic cookie and "this is an offer".</summary>
    private byte[] DhcpOffer()
    {
        byte[] message = new byte[300];
        (message[0], message[1], message[2]) = (2, 1, 6);
        System.Net.IPAddress.Parse(StolenIp).GetAddressBytes().CopyTo(message, 16);
        new byte[] { 99, 130, 83, 99, 53, 1, 2, 255 }.CopyTo(message, 236);
        return message;
    }

    private byte[] HonestFrame(out byte[] mark)
    {
        byte[] frame = Frames.Udp4(_from, _to, Honest, new byte[TextLength]);
        mark = Mark(frame);
        return frame;
    }

    /// <summary>Random bytes at a frame's end, where every frame here has padding or payload, to know it by.</summary>
    private static byte[] Mark(byte[] frame)
    {
        byte[] mark = RandomNumberGenerator.GetBytes(MarkLength);
        mark.CopyTo(frame, frame.Length - MarkLength);
        return mark;
    }

    private static string? Hear(RawFrames ear, byte[] before, byte[] attack, byte[] after)
    {
        bool heardBefore = false;
        while (true)
        {
            byte[] frame = ear.Receive(Patience) ?? throw new DemoFault("an honest frame did not arrive within 5 s");
            if (frame.AsSpan().EndsWith(attack))
            {
                return "it arrived";
            }

            heardBefore |= frame.AsSpan().EndsWith(before);
            if (frame.AsSpan().EndsWith(after))
            {
                return heardBefore ? null : "the honest frame before it did not arrive";
            }
        }
    }
}
