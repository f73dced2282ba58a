using System.Text;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Http;

public sealed class BodyNodeTests
{
    [Theory]
    [InlineData("<r><a/></r>")]
    [InlineData("<r a=''/>")]
    [InlineData("""{"r":{"a":[]}}""")]
    public void Nothing_is_an_empty_list(string body) => Assert.Empty(Read(body).Object("r").List("a")!);

    [Theory]
    [InlineData("<r><a>1</a></r>", 1)]
    [InlineData("<r a='1'/>", 1)]
    [InlineData("<r><a><i>1</i></a></r>", 1)]
    [InlineData("<r><a><i>1</i><i>2</i></a></r>", 2)]
    [InlineData("<r><a>1</a><a>2</a></r>", 2)]
    [InlineData("""{"r":{"a":["1","2"]}}""", 2)]
    public void A_list_is_its_items_however_it_is_wrapped(string body, int count)
    {
        IReadOnlyList<BodyNode> items = Read(body).Object("r").List("a")!;
        Assert.Equal(Enumerable.Range(1, count).Select(i => $"{i}"), items.Select(i => i.Scalar));
    }

    [Fact]
    public void In_json_a_value_where_a_list_belongs_is_a_fault()
    {
        BodyReader body = Read("""{"a":"1","b":{"i":"1"}}""");
        body.List("a");
        body.List("b");
        Assert.True(body.Faulty(out Refusal? refusal));
        Assert.Equal(["a", "b"], ((IEnumerable<Refusal>)[refusal, .. refusal.More]).Select(f => f.Field));
    }

    [Fact]
    public void Free_form_texts_keep_their_keys_in_both_formats()
    {
        Dictionary<string, string> expected = new() { ["a b"] = "1", ["c"] = "" };
        Assert.Equal(expected, Read("""{"m":{"a b":"1","c":""}}""").Object("m").Texts());
        Assert.Equal(expected, Read("""<r><m><meta key="a b">1</meta><meta key="c"/></m></r>""").Object("r").Object("m").Texts());
        Assert.Equal(expected, Read("""<r><m a_x0020_b="1" c=""/></r>""").Object("r").Object("m").Texts());
    }

    [Theory]
    [InlineData("""{"m":{"a\nb":"1"}}""")]
    [InlineData("""{"m":{"a":"1\n2"}}""")]
    [InlineData("""{"m":{"a":{}}}""")]
    [InlineData("""{"m":{"a":null}}""")]
    public void Free_form_texts_are_labels(string json)
    {
        BodyReader body = Read(json);
        body.Object("m").Texts();
        Assert.True(body.Faulty(out _));
    }

    [Fact]
    public void The_root_is_asked_for_faults_whichever_reader_is_asked()
    {
        BodyReader body = Read("""{"network":{"label":"a"},"extra":1}""");
        BodyReader network = body.Root("network");
        network.Label("label");
        Assert.True(network.Faulty(out Refusal? refusal));
        Assert.Equal("extra", refusal.Field);
        Assert.True(network.Faulty(out refusal));
        Assert.Empty(refusal.More);
    }

    [Fact]
    public void Whatever_the_bytes_the_parser_ends_in_a_tree_or_a_refusal()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] seeds = ["""{"network":{"label":"a\u00e9","dns":["10.0.0.1",2,true,null]}}""", "<a b='c'><d>e</d><d/>&amp;</a>"];
        for (int i = 0; i < 4000; i++)
        {
            byte[] body = Encoding.UTF8.GetBytes(seeds[i % 2]);
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            Exception? thrown = Record.Exception(() => BodyParser.Parse(body, (BodyFormat)(i % 2)));
            Assert.True(thrown is null, $"seed {seed}, round {i}: {Convert.ToHexString(body)}: {thrown}");
        }
    }

    private static BodyReader Read(string body)
    {
        Outcome<BodyNode> parsed = BodyParser.Parse(
            Encoding.UTF8.GetBytes(body), body.StartsWith('<') ? BodyFormat.Xml : BodyFormat.Json);
        return new BodyReader(parsed.Value);
    }
}
