using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Silo.Connections;
using NovaOrleans.Vocabulary;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;

namespace NovaOrleans.Connections;

/// <summary>
/// What a hostile client could write itself. That these are the bytes which Orleans' own clients send is shown by the clients of
/// <see cref="RefusalTests"/>, which pass the same check.
/// </summary>
public sealed class GatewayFramesTests : IDisposable
{
    private const uint Request = 1 << 16;
    private const uint Response = 2 << 16;
    private const uint OneWay = 3 << 16;

    private static readonly GrainId s_self = GrainId.Create("sys.client", "host:host1:0123");
    private static readonly GrainId s_grain = GrainId.Create("host", "host1");

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly Pipe _wire = new();
    private readonly List<string> _refused = [];

    private SerializerSessionPool Sessions => _services.GetRequiredService<SerializerSessionPool>();

    [Fact]
    public async Task What_the_certificates_holder_says_passes_whole_and_byte_by_byte()
    {
        GatewayFrames frames = Frames();
        byte[] all = [.. Preamble(s_self), .. Message(Request, s_self, s_grain, body: 5000), .. Message(OneWay, s_self, s_grain)];
        await _wire.Writer.WriteAsync(all);
        Assert.Equal(all, await ReadAll(frames, all.Length));
        Assert.Empty(_refused);

        // Again in pieces of one byte; the reader behind takes each as it comes.
        foreach (byte one in Message(Request, s_self, s_grain, body: 3))
        {
            await _wire.Writer.WriteAsync(new[] { one });
            Assert.Equal([one], await ReadAll(frames, 1));
        }

        Assert.Empty(_refused);
    }

    [Theory]
    [InlineData("host:host2:0123", "it calls itself sys.client/host:host2:0123, and its certificate says host host1")]
    [InlineData("api:0123", "it calls itself")]
    [InlineData("host:host1", "it calls itself")]
    [InlineData("hosted-127.0.0.1:11111@1", "it calls itself")]
    [InlineData("0123", "it calls itself")]
    public async Task A_client_is_called_as_its_certificate_says(string key, string why) =>
        await IsRefused(why, Preamble(GrainId.Create("sys.client", key)));

    [Fact]
    public Task A_silo_is_no_client() => IsRefused("it calls itself", Preamble(GrainId.Create("sys.silo", "host:host1:0123")));

    [Fact]
    public async Task A_message_is_sent_by_nobody_else()
    {
        string why = "a message's sender is not the client of this connection";
        await IsRefused(why, Preamble(s_self), Message(Request, GrainId.Create("sys.client", "host:host1:0124"), s_grain));
        await IsRefused(why, Preamble(s_self), Message(Request, s_self, s_grain), Message(Request, GrainId.Create("vnic", "1"), s_grain));
        await IsRefused(why, Preamble(s_self), Message(Request, default, s_grain));
    }

    [Fact]
    public async Task A_host_answers_nobody_and_speaks_to_no_other_client()
    {
        await IsRefused("a message is an answer", Preamble(s_self), Message(Response, s_self, s_grain));
        await IsRefused(
            "a message is for another client", Preamble(s_self), Message(OneWay, s_self, GrainId.Create("sys.client", "host:host2:77+1")));
        await IsRefused("a message tells silos where grains are", Preamble(s_self), Message(Request | (1 << 7), s_self, s_grain));
    }

    [Fact]
    public async Task A_key_with_anothers_hash_and_bytes_that_are_no_message_are_refused()
    {
        byte[] forged = Message(Request, s_self, s_grain);
        int key = forged.AsSpan().IndexOf("host1"u8[..5]);
        int target = key + forged.AsSpan(key + 1).LastIndexOf("host1"u8) + 1;
        forged[target - 1] ^= 1;
        await IsRefused("a hash that is not its own", Preamble(s_self), forged);
        await IsRefused("a length that cannot be", Preamble(s_self), new byte[16]);
        await IsRefused("its first frame is no preamble", "GET / HTTP/1.1"u8.ToArray());
        await IsRefused("its preamble names no client", [8, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        await IsRefused("it cannot be read", Preamble(s_self), [2, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    }

    public void Dispose() => _services.Dispose();

    private GatewayFrames Frames(Pipe? wire = null) => new(
        (wire ?? _wire).Reader, new FrameCheck(new Peer(PeerRole.Host, HostName.Parse("host1")), Sessions), _refused.Add);

    private async Task IsRefused(string why, params byte[][] said)
    {
        _refused.Clear();
        Pipe wire = new();
        GatewayFrames frames = Frames(wire);
        await wire.Writer.WriteAsync(said.SelectMany(b => b).ToArray());
        ReadResult read = await frames.ReadAsync();
        Assert.True(read.IsCompleted && read.Buffer.IsEmpty, "the connection looks open to Orleans");
        Assert.Contains(why, Assert.Single(_refused), StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadAll(GatewayFrames frames, int length)
    {
        List<byte> read = [];
        while (read.Count < length)
        {
            ReadResult result = await frames.ReadAsync();
            Assert.False(result.IsCompleted);
            read.AddRange(result.Buffer.ToArray());
            frames.AdvanceTo(result.Buffer.End);
        }

        return [.. read];
    }

    private byte[] Preamble(GrainId identity)
    {
        using SerializerSession session = Sessions.GetSession();
        ArrayBufferWriter<byte> bytes = new();
        var writer = Writer.Create(bytes, session);
        writer.WriteStartObject(0, typeof(GatewayFramesTests), typeof(GatewayFramesTests));
        Int32Codec.WriteField(ref writer, 0, 1);
        Sessions.CodecProvider.GetCodec<GrainId>().WriteField(ref writer, 1, typeof(GrainId), identity);
        writer.WriteEndObject();
        writer.Commit();
        return [.. BitConverter.GetBytes(bytes.WrittenCount), .. bytes.WrittenSpan];
    }

    private byte[] Message(uint flags, GrainId from, GrainId to, int body = 0)
    {
        using SerializerSession session = Sessions.GetSession();
        ArrayBufferWriter<byte> bytes = new();
        var writer = Writer.Create(bytes, session);
        writer.WriteUInt32(flags);
        writer.WriteInt64(4711);
        foreach (GrainId id in new[] { from, to })
        {
            IdSpanCodec.WriteRaw(ref writer, id.IsDefault ? default : IdSpan.Create(id.Type.ToString()!));
            IdSpanCodec.WriteRaw(ref writer, id.Key);
        }

        writer.Commit();
        byte[] lengths = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, bytes.WrittenCount);
        BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(4), body);
        return [.. lengths, .. bytes.WrittenSpan, .. new byte[body]];
    }
}
