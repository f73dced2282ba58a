using System.Collections.Concurrent;
using Mono.Cecil;
using Xunit.Abstractions;

namespace NovaOrleans.Conformance;

/// <summary>The kit finds every plug-in that breaks a promise, by that promise and by no other.</summary>
public sealed class BrokenPlugInTests(ITestOutputHelper output)
{
    /// <summary>By the plug-in's word; <c>right</c>, which the others change one thing of, breaks none.</summary>
    private static readonly Dictionary<string, string> s_breaks = new()
    {
        ["right"] = "",
        ["other_contract"] = "loads",
        ["throws_at_load"] = "loads",
        ["leaves_prefix"] = "routes",
        ["throws_in_route"] = "answers",
        ["other_in_xml"] = "formats",
        ["no_card"] = "vnic",
        ["second_card"] = "repeat",
        ["makes_at_validation"] = "validation",
        ["gives_away"] = "ownership",
        ["leaves_card"] = "refusal",
        ["restless_vpn"] = "vpn",
        ["looks_then_acts"] = "races",
        ["loops"] = "translates",
        ["throws_in_translate"] = "translates",
        ["clock"] = "pure",
        ["random"] = "pure",
        ["process"] = "pure",
        ["by_order"] = "steady",
        ["by_process"] = "steady",
        ["changes_its_mind"] = "info",
        ["leaves_bridge"] = "any-state",
        ["refuses_setup"] = "boots",
        ["refuses_teardown"] = "teardown",
        ["believes_too_early"] = "storage",
        ["forgets"] = "restart",
        ["leaks"] = "leaks",
    };

    [Fact]
    public async Task Each_broken_plug_in_is_caught_by_the_promise_that_it_breaks_and_by_no_other()
    {
        var found = new ConcurrentDictionary<string, string>();
        var reports = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(WaitersFirst(), new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (word, _) =>
        {
            using PlugIn plugIn = BuiltPlugIns.Broken(word);
            Report report = await Examination.Of(plugIn, AskedOf(word));
            found[word] = string.Join(' ', report.Broken);
            reports[word] = report.ToText();
        });
        string[] wrong = [.. s_breaks.Keys.Where(w => found[w] != s_breaks[w]).Order(StringComparer.Ordinal)];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong.Select(w => $"{w} was to break '{s_breaks[w]}':\n{reports[w]}")));
        output.WriteLine($"figure: {s_breaks.Count - 1} broken plug-ins, each caught by the promise that it breaks and by no other");
    }

    /// <summary>Those that mostly wait, for a host or for processes, begin, so that the others work meanwhile.</summary>
    private static IOrderedEnumerable<string> WaitersFirst() =>
        s_breaks.Keys.OrderBy(w => s_breaks[w] is not ("teardown" or "restart" or ""));

    /// <summary>
    /// Everything; but a restart, whose two processes for each of them would be most of this test's time, of the right one and of the one
    /// that breaks it.
    /// </summary>
    private static string[] AskedOf(string word) =>
        [.. Examination.Names.Where(n => n != "restart" || s_breaks[word] is "" or "restart")];

    [Fact]
    public void Every_promise_has_a_plug_in_that_breaks_it() =>
        Assert.Equal(Examination.Names.Order(), s_breaks.Values.Where(p => p.Length > 0).Distinct().Order());

    [Fact]
    public void Every_broken_plug_in_is_asked()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(
            Path.Combine(BuiltPlugIns.Output("BrokenPlugins"), "NovaOrleans.BrokenPlugins.dll"));
        Assert.Equal(s_breaks.Count - 1, module.Types.Count(t => t.BaseType?.Name == "RightService"));
    }
}
