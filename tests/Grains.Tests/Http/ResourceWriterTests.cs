using System.Buffers;
using System.Text;

namespace NovaOrleans.Http;

public sealed class ResourceWriterTests
{
    [Fact]
    public void Every_kind_of_field_in_both_formats()
    {
        void Write(ResourceWriter w)
        {
            w.BeginRoot("card");
            w.Field("id", (Guid?)Guid.Empty);
            w.Field("none", (Guid?)null);
            w.Field("text", "a \"b\" <c> & d é");
            w.Field("nothing", (string?)null);
            w.Field("count", 7L);
            w.Field("no_count", (long?)null);
            w.Field("up", true);
            w.Field("no_up", (bool?)null);
            w.Field("at", (DateTimeOffset?)new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)));
            w.EndRoot();
        }

        Assert.Equal(
            """
            {"card":{"id":"00000000-0000-0000-0000-000000000000","none":null,"text":"a \"b\" <c> & d é",
            "nothing":null,"count":7,"no_count":null,"up":true,"no_up":null,"at":"2026-01-02T01:04:05.000Z"}}
            """.ReplaceLineEndings(""),
            Json(Write));
        Assert.Equal(
            """
            <card id="00000000-0000-0000-0000-000000000000" text="a &quot;b&quot; &lt;c&gt; &amp; d é"
             count="7" up="true" at="2026-01-02T01:04:05.000Z" />
            """.ReplaceLineEndings(""),
            Xml(Write));
    }

    [Fact]
    public void Fields_may_come_after_nested_objects()
    {
        void Write(ResourceWriter w)
        {
            w.BeginRoot("a");
            w.BeginObject("b");
            w.Field("c", 1);
            w.EndObject();
            w.Field("d", 2);
            w.EndRoot();
        }

        Assert.Equal("""{"a":{"b":{"c":1},"d":2}}""", Json(Write));
        Assert.Equal("""<a d="2"><b c="1" /></a>""", Xml(Write));
    }

    [Fact]
    public void A_list_may_be_the_root_and_another_beside_it()
    {
        void Write(ResourceWriter w)
        {
            w.BeginList("networks", "network");
            w.BeginItem();
            w.Field("id", 1);
            w.EndItem();
            w.EndList();
            w.BeginList("networks_links", "link");
            w.Item("next");
            w.EndList();
        }

        Assert.Equal("""{"networks":[{"id":1}],"networks_links":["next"]}""", Json(Write));
        Assert.Equal(
            """<networks><network id="1" /><networks_links><link>next</link></networks_links></networks>""", Xml(Write));
    }

    [Fact]
    public void A_callers_word_is_a_member_in_json_and_an_attributes_value_in_xml()
    {
        void Write(ResourceWriter w)
        {
            w.BeginRoot("a");
            w.BeginKeyedList("my <net>", "network", "ip");
            w.Item("10.0.0.7");
            w.EndList();
            w.KeyedField("1 key", "v", "meta");
            w.EndRoot();
        }

        Assert.Equal("""{"a":{"my <net>":["10.0.0.7"],"1 key":"v"}}""", Json(Write));
        Assert.Equal(
            """<a><network id="my &lt;net&gt;"><ip>10.0.0.7</ip></network><meta key="1 key">v</meta></a>""", Xml(Write));
    }

    [Fact]
    public void What_a_format_cannot_carry_is_replaced_or_escaped()
    {
        void Write(ResourceWriter w)
        {
            w.BeginRoot("a");
            w.Field("control", "a\u0001b");
            w.Field("half", "a\ud800b");
            w.Field("pair", "a\U0001F600b");
            w.EndRoot();
        }

        Assert.Equal("<a control=\"a\uFFFDb\" half=\"a\uFFFDb\" pair=\"a\U0001F600b\" />", Xml(Write));
        Assert.Equal(
            "{\"a\":{\"control\":\"a\\u0001b\",\"half\":\"a\uFFFDb\",\"pair\":\"a\U0001F600b\"}}",
            Json(Write).Replace("\\uFFFD", "\uFFFD", StringComparison.Ordinal)
                .Replace("\\uD83D\\uDE00", "\U0001F600", StringComparison.Ordinal));
    }

    [Fact]
    public void A_json_writer_is_used_again_after_a_resource_that_broke_off()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new JsonResourceWriter(bytes);
        writer.BeginRoot("broken");
        bytes.ResetWrittenCount();
        writer.Reset(bytes);
        writer.BeginRoot("whole");
        writer.EndRoot();
        writer.Complete();
        Assert.Equal("""{"whole":{}}""", Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static string Json(Action<ResourceWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new JsonResourceWriter(bytes);
        write(writer);
        writer.Complete();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Xml(Action<ResourceWriter> write)
    {
        var writer = new XmlResourceWriter();
        write(writer);
        using var bytes = new MemoryStream();
        writer.Complete(bytes);
        string text = Encoding.UTF8.GetString(bytes.ToArray());
        const string declaration = """<?xml version="1.0" encoding="utf-8"?>""";
        Assert.StartsWith(declaration, text, StringComparison.Ordinal);
        return text[declaration.Length..];
    }
}
