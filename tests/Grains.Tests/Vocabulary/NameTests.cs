namespace NovaOrleans.Vocabulary;

/// <summary>Names from outside reach commands, rules and XML: what could mean something there is no name.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("blue")]
    [InlineData("7")]
    [InlineData("a.b_c-d")]
    public void An_identifier_may_be_a_project_and_a_host(string text)
    {
        Assert.Equal(text, ProjectId.Parse(text).ToString());
        Assert.Equal(text, HostName.Parse(text).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-flag")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("a\nb")]
    [InlineData("a/b")]
    [InlineData("a'b")]
    [InlineData("bläu")]
    public void What_a_shell_a_path_or_a_rule_would_read_is_no_identifier(string? text)
    {
        Assert.False(ProjectId.TryParse(text, out ProjectId project));
        Assert.False(HostName.TryParse(text, out HostName host));
        Assert.Equal(("", ""), (project.Value, host.Value));
    }

    [Fact]
    public void Identifiers_have_their_lengths()
    {
        Assert.True(ProjectId.TryParse(new string('a', 64), out _));
        Assert.False(ProjectId.TryParse(new string('a', 65), out _));
        Assert.True(HostName.TryParse(new string('a', 63), out _));
        Assert.False(HostName.TryParse(new string('a', 64), out _));
    }

    [Theory]
    [InlineData("The blue team", true)]
    [InlineData("größer als 7", true)]
    [InlineData(null, false)]
    [InlineData("  ", false)]
    [InlineData("a\"b", false)]
    [InlineData("a'b", false)]
    [InlineData("a`b", false)]
    [InlineData("a\\b", false)]
    [InlineData("a;b", false)]
    [InlineData("a<b", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u001bb", false)]
    public void A_label_is_printable_without_quotes_and_breaks(string? text, bool good) =>
        Assert.Equal(good, Names.IsLabel(text));

    [Theory]
    [InlineData("br100", true)]
    [InlineData("a23456789012345", true)]
    [InlineData("a234567890123456", false)]
    [InlineData("1br", false)]
    [InlineData("-br", false)]
    [InlineData("br/0", false)]
    [InlineData("br 0", false)]
    [InlineData("", false)]
    public void A_links_name_fits_the_kernel(string text, bool good) => Assert.Equal(good, Names.IsLink(text));

    [Theory]
    [InlineData("nova.network.vlan", "vlan")]
    [InlineData("acme.net", "net")]
    [InlineData("a1.b_2.c", "c")]
    public void A_service_path_ends_in_its_short_name(string text, string name) =>
        Assert.Equal((text, name), (ServicePath.Parse(text).Value, ServicePath.Parse(text).ShortName));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vlan")]
    [InlineData("nova/networks")]
    [InlineData("Nova.network")]
    [InlineData("nova..vlan")]
    [InlineData("nova.network.")]
    [InlineData("nova.1network")]
    [InlineData("a.b.c.d.e.f.g.h.i")]
    [InlineData("nova.../etc")]
    public void What_is_no_dotted_path_is_refused(string? text) => Assert.False(ServicePath.TryParse(text, out _));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(4094, true)]
    [InlineData(4095, false)]
    [InlineData(-1, false)]
    [InlineData(65537, false)]
    public void A_vlan_id_is_what_the_standard_leaves(int value, bool good)
    {
        Assert.Equal(good, VlanTag.TryCreate(value, out VlanTag tag));
        Assert.Equal(good ? value : 0, tag.Value);
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("16777215", true)]
    [InlineData("16777216", false)]
    [InlineData("-1", false)]
    [InlineData("1 ", false)]
    [InlineData(null, false)]
    public void A_VNI_has_24_bits_and_is_not_0(string? text, bool good)
    {
        Assert.Equal(good, Vni.TryParse(text, out Vni vni));
        Assert.Equal(good ? text : "0", vni.ToString());
    }

    [Theory]
    [InlineData("k", true)]
    [InlineData("!~", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    [InlineData(null, false)]
    public void A_request_key_is_printable_ascii(string? text, bool good) => Assert.Equal(good, RequestKey.IsKey(text));

    [Fact]
    public void A_request_key_has_at_most_128_characters()
    {
        Assert.True(RequestKey.IsKey(new string('k', 128)));
        Assert.False(RequestKey.IsKey(new string('k', 129)));
    }

    [Fact]
    public void A_chosen_key_carries_the_ids_of_what_its_request_makes_and_a_callers_own_carries_none()
    {
        RequestKey chosen = new(RequestKey.Chosen(), "");
        Guid[] ids = [.. Enumerable.Range(0, 1000).Select(i => chosen.IdOf(i)!.Value)];
        Assert.Equal(chosen.Key, $"nova-{ids[0]:N}");
        Assert.Equal(1000, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal((7, ids[0].ToString()[..24]), (id.Version, id.ToString()[..24])));
        Assert.Equal(ids[7], VnicId.Of(chosen, 7).Value);
        Assert.Equal(7, VnicId.Of(null).Value.Version);
        foreach (string own in (string[])["mine", "nova-", "nova-7", ids[0].ToString("N"), $"Nova-{ids[0]:N}"])
        {
            Assert.Null(new RequestKey(own, "hash").IdOf(0));
        }
    }

    [Fact]
    public void Ids_made_after_each_other_are_in_order_and_never_the_same()
    {
        VnicId[] ids = [.. Enumerable.Range(0, 100_000).Select(_ => VnicId.New())];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        string[] times = [.. ids.Select(i => i.ToString()[..13])];
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        DateTimeOffset made = DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(times[0].Replace("-", "", StringComparison.Ordinal), 16));
        Assert.InRange(made, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
        // RFC 9562: version 7, variant 10 in the two highest bits.
        Assert.All(ids, i => Assert.Equal((7, 2), (i.Value.Version, i.Value.Variant >> 2)));
    }
}
