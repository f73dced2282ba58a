using System.Buffers;
using BenchmarkDotNet.Attributes;
using NovaOrleans.Http;

namespace NovaOrleans.InnerBenchmarks;

/// <summary>Writing a card as the API shows it, into a buffer that is used again.</summary>
public class AnswerJson
{
    private static readonly Guid s_id = Guid.Parse("0199a5f2-3c41-7d10-9b1e-5a6f0c2d8e11");

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly JsonResourceWriter _writer;

    public AnswerJson() => _writer = new JsonResourceWriter(_output);

    [Benchmark(Description = "json write of a card")]
    public int WriteOne()
    {
        Begin();
        _writer.BeginRoot("ethernet_card");
        Fields();
        _writer.EndRoot();
        return End();
    }

    [Benchmark(Description = "json write of 100 cards")]
    public int WriteHundred()
    {
        Begin();
        _writer.BeginList("ethernet_cards", "ethernet_card");
        for (int n = 0; n < 100; n++)
        {
            _writer.BeginItem();
            Fields();
            _writer.EndItem();
        }

        _writer.EndList();
        return End();
    }

    private void Begin()
    {
        _output.ResetWrittenCount();
        _writer.Reset(_output);
    }

    private int End()
    {
        _writer.Complete();
        return _output.WrittenCount;
    }

    private void Fields()
    {
        _writer.Field("id", s_id);
        _writer.Field("mac_address", "02:c1:c1:82:dd:fa");
        _writer.Field("name", (string?)null);
        _writer.Field("project_id", "demo");
        _writer.Field("created_at", DateTimeOffset.UnixEpoch);
        _writer.BeginList("ports", "port");
        _writer.BeginItem();
        _writer.Field("id", s_id);
        _writer.Field("network_id", s_id);
        _writer.Field("address", "10.20.0.2");
        _writer.Field("state", "ACTIVE");
        _writer.EndItem();
        _writer.EndList();
    }
}
