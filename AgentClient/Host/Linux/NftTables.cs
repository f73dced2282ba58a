using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaOrleans.Agent.Host;

/// <summary>
/// Our nftables tables, one a family. Rules are loaded whole and elements one by one, in one transaction a phase. Whether the
/// rules are still what was loaded is told by a digest of nft's listing, kept beside the agent's state: nft's own
/// listing is the only form that can be compared, and it differs between versions of nft.
/// </summary>
internal sealed class NftTables(HostTools tools, string digestFile)
{
    private static readonly string[] Families = ["bridge", "inet", "ip"];

    /// <summary>A file a subject; the first one begins the tables anew.</summary>
    private static readonly string Rules = string.Concat(new[] { "nova.nft", "groups.nft" }.Select(Resources.Read));

    public async Task<ActualFirewall> Read(CancellationToken stop)
    {
        (bool present, string digest, ImmutableSortedSet<NftElement> elements) = await List(stop);
        bool intact = present && File.Exists(digestFile) && await File.ReadAllTextAsync(digestFile, stop) == digest;
        return present || elements.Count > 0 ? new ActualFirewall(true, intact, elements) : ActualFirewall.Absent;
    }

    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        if (steps.Count == 0)
        {
            return [];
        }

        ToolResult whole = await Transact(steps, stop);
        List<StepResult> results = [];
        if (whole.Good)
        {
            results.AddRange(steps.Select(s => new StepResult(s)));
        }
        else
        {
            // The transaction was all or nothing: find the subject at fault, so that the others are served.
            foreach (IGrouping<string, Step> subject in steps.GroupBy(s => s.Subject))
            {
                results.AddRange(await RunSubject([.. subject], stop));
            }
        }

        if (results.Any(r => r is { Done: true, Step: LoadFirewall }))
        {
            await File.WriteAllTextAsync(digestFile, (await List(stop)).Digest, stop);
        }

        return results;
    }

    private async Task<IEnumerable<StepResult>> RunSubject(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        ToolResult result = await Transact(steps, stop);
        bool gone = steps.All(s => s is RemoveElement or UnloadFirewall)
            && result.Error.Contains("No such file or directory", StringComparison.Ordinal);
        return steps.Select(s => new StepResult(s, result.Good || gone ? null : result.Words));
    }

    private Task<ToolResult> Transact(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        StringBuilder text = new();
        foreach (Step step in steps)
        {
            switch (step)
            {
                case LoadFirewall:
                    text.Append(Rules);
                    break;
                case UnloadFirewall:
                    // Named first, so that the deletion of what is gone already succeeds.
                    text.AppendJoin("", Families.Select(f => $"table {f} nova\ndelete table {f} nova\n"));
                    break;
            }
        }

        Append(text, "delete", steps.OfType<RemoveElement>().Select(s => s.Element));
        Append(text, "add", steps.OfType<AddElement>().Select(s => s.Element));
        return tools.Nft(text.ToString(), stop);
    }

    private static void Append(StringBuilder text, string verb, IEnumerable<NftElement> elements)
    {
        foreach (IGrouping<(string Family, string Set), NftElement> set in elements.GroupBy(e => (e.Family, e.Set)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{verb} element {set.Key.Family} nova {set.Key.Set} {{ ")
                .AppendJoin(", ", set.Select(e => Quoted(e, withValue: verb == "add"))).Append(" }\n");
        }
    }

    /// <summary>A link's name may be a word of nft's own; in quotes it is not. A map's element is deleted by its key.</summary>
    private static string Quoted(NftElement element, bool withValue)
    {
        string[] halves = element.Value.Split(" : ");
        string[] words = halves[0].Split(" . ");
        for (int i = 0; i < element.Links; i++)
        {
            words[i] = $"\"{words[i]}\"";
        }

        // nft 1.0.6 finds an element of a joined key with ranges only where it is told of one.
        if (!withValue && element.HasRanges && !words[element.Links..].Any(w => w.Contains('-') || w.Contains('/')))
        {
            words[^1] = $"{words[^1]}-{words[^1]}";
        }

        string key = string.Join(" . ", words);
        return withValue && halves.Length > 1 ? $"{key} : {halves[1]}" : key;
    }

    private async Task<(bool Present, string Digest, ImmutableSortedSet<NftElement> Elements)> List(
        CancellationToken stop)
    {
        ToolResult[] listings = await Task.WhenAll(
            Families.Select(family => tools.NftList($"table {family} nova", stop)));
        var elements = ImmutableSortedSet.CreateBuilder<NftElement>();
        StringBuilder rules = new(Rules);
        foreach (ToolResult listing in listings)
        {
            if (listing.Good)
            {
                Take(JsonNode.Parse(listing.Output)!["nftables"]!.AsArray(), rules, elements);
            }
            else if (!listing.Error.Contains("No such file or directory", StringComparison.Ordinal))
            {
                throw new OperatingFaultException($"nft list table: {listing.Words}", mayRetry: true);
            }
        }

        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rules.ToString())));
        return (listings.Any(l => l.Good), digest, elements.ToImmutable());
    }

    /// <summary>
    /// Elements into the set, and everything else, without handles and counts, into the text to be digested.
    /// </summary>
    private static void Take(JsonArray listing, StringBuilder rules, ImmutableSortedSet<NftElement>.Builder elements)
    {
        foreach (JsonNode? row in listing)
        {
            (string kind, JsonNode? body) = row!.AsObject().First();
            JsonObject fields = body!.AsObject();
            if (kind is "set" or "map" && fields["elem"] is JsonArray values)
            {
                string family = fields["family"]!.GetValue<string>();
                string set = fields["name"]!.GetValue<string>();
                elements.UnionWith(values.Select(v => new NftElement(family, set, ValueOf(v!))));
            }

            foreach (string varying in new[] { "elem", "handle", "packets", "bytes" })
            {
                fields.Remove(varying);
            }

            if (kind != "metainfo")
            {
                rules.Append(kind).Append(fields.ToJsonString()).Append('\n');
            }
        }
    }

    /// <summary>As we write it: numbers for names, a map's value after its key.</summary>
    private static string ValueOf(JsonNode value) => value switch
    {
        JsonArray { Count: 2 } pair => $"{ValueOf(pair[0]!)} : {ValueOf(pair[1]!)}",
        JsonObject o when o["concat"] is JsonArray parts => string.Join(" . ", parts.Select(p => ValueOf(p!))),
        JsonObject o when o["elem"] is JsonObject inner => ValueOf(inner["val"]!),
        JsonObject o when o["prefix"] is JsonObject prefix => $"{ValueOf(prefix["addr"]!)}/{ValueOf(prefix["len"]!)}",
        JsonObject o when o["range"] is JsonArray ends => $"{ValueOf(ends[0]!)}-{ValueOf(ends[1]!)}",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
