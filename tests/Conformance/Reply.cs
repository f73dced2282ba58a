using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Conformance;

/// <summary>What came back of a request.</summary>
internal sealed record Reply(string Asked, int Status, string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public XElement Xml => XElement.Parse(Text);

    /// <summary>The id of the one resource of the answer, in either format.</summary>
    public string? Id => Text.StartsWith('<') ? Xml.Attribute("id")?.Value
        : Json.Select(f => f.Value).OfType<JsonObject>().FirstOrDefault()?["id"]?.ToString();

    public bool IsGood => Status is >= 200 and < 300;

    public override string ToString() => $"{Asked} was answered {Status} {Shown(Text)}";

    private static string Shown(string text) => text.Length <= 500 ? text : text[..500] + "…";
}

/// <summary>Asks the facade, as an admin for a project.</summary>
internal sealed class TrialClient : IDisposable
{
    private readonly HttpClient _http = new();

    /// <summary>Sends a request; a body is JSON, or XML where it begins with '&lt;'.</summary>
    public async Task<Reply> Send(Uri server, Question question)
    {
        string[] words = question.Ask.Split(' ', 2);
        using HttpRequestMessage message = ApiMessage.Of(
            $"{words[0]} {new Uri(server, $"/v1.1/{words[1]}").AbsoluteUri}", TrialServer.Token, question.Project.Value, question.Body);
        message.Headers.Add("Accept", question.Xml ? "application/xml" : "application/json");
        if (question.Key is not null)
        {
            message.Headers.Add("Idempotency-Key", question.Key);
        }

        using HttpResponseMessage response = await _http.SendAsync(message);
        return new Reply(
            $"{question.Ask}{(question.Xml ? " in XML" : "")}", (int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A request for a project: <paramref name="Ask"/> is a verb and a path below the API's version.</summary>
internal sealed record Question(ProjectId Project, string Ask, string? Body = null)
{
    public bool Xml { get; init; }
    public string? Key { get; init; }
}
