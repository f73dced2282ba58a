using System.Text.Json.Nodes;

namespace NovaOrleans.Conformance;

/// <summary>How the kit reads a plug-in's file, its answers and its code.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData("""{"room":{"id":"1","label":null,"open":true,"n":5}}""", """<room id="1" open="true" n="5"/>""", null)]
    [InlineData("""{"rooms":[{"id":"1"},{"id":"2"}]}""", """<rooms><room id="1"/><room id="2"/></rooms>""", null)]
    [InlineData("""{"rooms":[],"rooms_links":[{"rel":"next"}]}""", """<rooms><rooms_links><link rel="next"/></rooms_links></rooms>""", null)]
    [InlineData("""{"room":{"dns":["a","b"],"more":{"x":1}}}""", """<room><dns><server>a</server><server>b</server></dns><more x="1"/></room>""", null)]
    [InlineData("{}", "<answer/>", null)]
    [InlineData("""{"room":{"id":"1"}}""", """<room id="2"/>""", "room.id is '1' in JSON and '2' in XML")]
    [InlineData("""{"room":{"id":"1"}}""", "<room/>", "room.id is in JSON and not in XML")]
    [InlineData("""{"room":{}}""", """<room id="1"/>""", "room.id is in XML and not in JSON")]
    [InlineData("""{"room":{}}""", "<hall/>", "JSON speaks of room, XML of hall")]
    [InlineData("""{"rooms":[{"id":"1"}]}""", "<rooms/>", "rooms has 1 items in JSON and 0 in XML")]
    public void An_answer_in_XML_is_held_against_the_one_in_JSON(string json, string xml, string? difference) =>
        Assert.Equal(difference, BothFormats.Difference(json, xml));

    [Fact]
    public void A_body_becomes_XML_as_the_API_reads_it() => Assert.Equal(
        """<room label="a"><tags><tag>x</tag></tags><more n="1" /></room>""",
        Tenant.ToXml(JsonNode.Parse("""{"room":{"label":"a","tags":["x"],"more":{"n":1},"no":null}}""")!)
            .Replace("\n", "", StringComparison.Ordinal).Replace(">  <", "><", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal));

    [Fact]
    public void A_file_with_a_field_that_nobody_knows_is_refused()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nova-conformance-");
        File.WriteAllText(Path.Combine(folder.FullName, ConformanceFile.FileName), """{"mkae":[]}""");
        FormatException e = Assert.Throws<FormatException>(() => PlugIn.In(folder.FullName, "a.b"));
        folder.Delete(recursive: true);
        Assert.Contains("mkae", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_says_no_path_is_refused()
    {
        FormatException e = Assert.Throws<FormatException>(() => PlugIn.In(BuiltPlugIns.Output("BrokenPlugins")));
        Assert.Contains("give it as --path", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Clocks behind a lambda, an iterator, an initializer, a local function, an override: all are on the way.</summary>
    [Theory]
    [InlineData(typeof(InLambda))]
    [InlineData(typeof(InIterator))]
    [InlineData(typeof(InInitializer))]
    [InlineData(typeof(InOverride))]
    public void Impure_code_is_found_wherever_translation_leads(Type agent)
    {
        string? fault = PureCode.Fault(Path.GetDirectoryName(typeof(ReadingTests).Assembly.Location)!, agent);
        Assert.Contains("Guid.NewGuid", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_translation_does_not_lead_to_is_nobodys_business() =>
        Assert.Null(PureCode.Fault(Path.GetDirectoryName(typeof(ReadingTests).Assembly.Location)!, typeof(Elsewhere)));

    private abstract class Agent : INetAgent
    {
        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public bool RequiresFileInjection(HostBinding binding) => false;
        public string GetInterfaceXml(HostBinding binding) => "";
        public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere) =>
            Word(bindings).Length > 0 ? HostFragment.Empty : new HostFragment();

        protected abstract string Word(IReadOnlyList<HostBinding> bindings);
    }

    private sealed class InLambda : Agent
    {
        protected override string Word(IReadOnlyList<HostBinding> bindings) => string.Concat(bindings.Select(b => $"{b}{Guid.NewGuid()}"));
    }

    private sealed class InIterator : Agent
    {
        protected override string Word(IReadOnlyList<HostBinding> bindings) => string.Concat(Words());

        private static IEnumerable<string> Words()
        {
            yield return "a";
            yield return Guid.NewGuid().ToString();
        }
    }

    private sealed class InInitializer : Agent
    {
        private static readonly string s_word = Guid.NewGuid().ToString();

        protected override string Word(IReadOnlyList<HostBinding> bindings) => s_word;
    }

    private sealed class InOverride : Agent
    {
        protected override string Word(IReadOnlyList<HostBinding> bindings) => new Speaker().ToString();

        private sealed class Speaker
        {
            public override string ToString() => Guid.NewGuid().ToString();
        }
    }

    private sealed class Elsewhere : Agent
    {
        public static Guid Unasked() => Guid.NewGuid();

        protected override string Word(IReadOnlyList<HostBinding> bindings) => "a";
    }
}
