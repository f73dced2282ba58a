using System.Net.Http.Headers;
using System.Text;

namespace NovaOrleans.Testing;

/// <summary>A request to the facade as its clients write it.</summary>
public static class ApiMessage
{
    /// <param name="ask">A verb and a path, as <c>GET /v1.1/flat/networks</c>.</param>
    /// <param name="token">Who asks.</param>
    /// <param name="project">For which project; null for none.</param>
    /// <param name="body">JSON, or XML where it begins with '&lt;'.</param>
    public static HttpRequestMessage Of(string ask, string token, string? project = null, string? body = null)
    {
        string[] words = ask.Split(' ', 2);
        var message = new HttpRequestMessage(new HttpMethod(words[0]), words[1]);
        message.Headers.Add("X-Auth-Token", token);
        if (project is not null)
        {
            message.Headers.Add("X-Project-Id", project);
        }

        if (body is not null)
        {
            string type = body.StartsWith('<') ? "application/xml" : "application/json";
            message.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        }

        return message;
    }
}
