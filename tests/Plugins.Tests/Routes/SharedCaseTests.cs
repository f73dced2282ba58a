namespace NovaOrleans.Routes;

/// <summary>One set of cases over flat, flat_dhcp and vlan, in JSON and in XML: same statuses, same shapes.</summary>
[Collection("built-in cloud")]
public sealed class SharedCaseTests(BuiltInCloud cloud)
{
    /// <summary>What a network has that another service's has not: rows S21, S125 and the notes of rows R25.</summary>
    private static readonly string[] s_ofAService =
    [
        "gateway", "gateway_v6", "ra_server", "dhcp_server", "dhcp_start", "dhcp_domain", "dhcp_lease_time", "vlan", "vpn_public_address",
        "vpn_public_port", "vpn_private_address",
    ];

    [Theory]
    [InlineData("v1.1")]
    [InlineData("v1.0")]
    [Trait("seed", "S58"), Trait("seed", "S60"), Trait("seed", "S62"), Trait("seed", "S154"), Trait("seed", "R2"), Trait("seed", "R3")]
    [Trait("seed", "R4"), Trait("seed", "R5"), Trait("seed", "R6"), Trait("seed", "R7"), Trait("seed", "R8"), Trait("seed", "R9")]
    [Trait("seed", "R10"), Trait("seed", "R11"), Trait("seed", "R12"), Trait("seed", "R13"), Trait("seed", "R14"), Trait("seed", "R15")]
    [Trait("seed", "R17"), Trait("seed", "R18"), Trait("seed", "R19"), Trait("seed", "R20"), Trait("seed", "R23"), Trait("seed", "R26")]
    [Trait("seed", "R27")]
    public async Task The_three_services_answer_alike_in_JSON_and_in_XML(string version)
    {
        await cloud.OpenHost("wires");
        var runs = new Dictionary<string, List<string>>();
        foreach (string service in (string[])["flat", "flat_dhcp", "vlan"])
        {
            foreach (string format in (string[])["json", "xml"])
            {
                runs[$"{service} in {format}"] = await Run(version, service, format);
            }
        }

        List<string> first = runs.First().Value;
        foreach ((string run, List<string> answers) in runs)
        {
            Assert.True(first.Count == answers.Count, run);
            for (int i = 0; i < first.Count; i++)
            {
                Assert.True(first[i] == answers[i], $"{run}, step {i + 1}:\n{answers[i]}\n{runs.First().Key}:\n{first[i]}");
            }
        }
    }

    /// <summary>Asks step by step and gives what each answer looked like.</summary>
    private async Task<List<string>> Run(string version, string service, string format)
    {
        var words = new Dictionary<string, string>
        {
            ["project"] = await cloud.Project(service),
            ["p"] = cloud.FreshCidr().Replace(".0/24", "", StringComparison.Ordinal),
            ["q"] = cloud.FreshCidr().Replace(".0/24", "", StringComparison.Ordinal),
            ["host"] = "wires",
            ["mac"] = $"02:{string.Join(':', Guid.NewGuid().ToByteArray()[..5].Select(b => b.ToString("x2")))}",
        };
        words["n"] = words["p"].Split('.')[1];
        var seen = new List<string>();
        foreach (SharedScript.Step step in SharedScript.Steps)
        {
            string[] asked = Filled(step.Request, words).Split(' ');
            string? body = step.Body is { } text ? Filled(text, words) : null;
            Reply reply = await cloud.Send(
                $"{asked[0]} {service}/{asked[1]}", words["project"], format == "xml" && body is not null ? SharedScript.ToXml(body) : body,
                accept: $"application/{format}", version: version);
            Assert.True(step.Status == reply.Status, $"{service} in {format}, {step.Request} {step.Body}: {reply.Status} {reply.Text}");
            if (step.Keep is { } keep)
            {
                words[keep] = format == "xml" ? reply.Xml.Attribute("id")!.Value : reply.Id;
            }

            IEnumerable<string> shape = SharedScript.ShapeOf(reply.Text).Where(n => !s_ofAService.Contains(n.Split('.')[^1]));
            seen.Add($"{step.Request} {reply.Status} {string.Join(' ', shape)}");
        }

        return seen;
    }

    private static string Filled(string text, Dictionary<string, string> words) =>
        words.Aggregate(text, (t, w) => t.Replace($"{{{w.Key}}}", w.Value, StringComparison.Ordinal));
}
