using System.Text;
using BenchmarkDotNet.Attributes;
using NovaOrleans.Http;
using NovaOrleans.Outcomes;

namespace NovaOrleans.InnerBenchmarks;

/// <summary>Reading what creates are asked with.</summary>
public class BodyJson
{
    private const string Card = """{"network_id":"0199a5f2-3c41-7d10-9b1e-5a6f0c2d8e11"}""";

    private readonly byte[] _one = Encoding.UTF8.GetBytes($$"""{"ethernet_card":{{Card}}}""");
    private readonly byte[] _hundred =
        Encoding.UTF8.GetBytes($$"""{"ethernet_cards":[{{string.Join(',', Enumerable.Repeat(Card, 100))}}]}""");

    [Benchmark(Description = "json read of a create")]
    public Outcome<BodyNode> ReadOne() => BodyParser.Parse(_one, BodyFormat.Json);

    [Benchmark(Description = "json read of 100 creates")]
    public Outcome<BodyNode> ReadHundred() => BodyParser.Parse(_hundred, BodyFormat.Json);
}
