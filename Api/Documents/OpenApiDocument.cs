using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using NovaOrleans.Api.Callers;
using NovaOrleans.Api.Requests;
using NovaOrleans.Api.Routes;

namespace NovaOrleans.Api.Documents;

/// <summary>
/// The OpenAPI 3.0 document, made once from the routes themselves: the core's and every loaded network service's, as
/// they describe themselves. A generator that reads handlers' types would find none here: they read fields and write
/// resources.
/// </summary>
internal static partial class OpenApiDocument
{
    public const string Folder = "/openapi/";
    private const string Path = Folder + "v1.json";

    public static ApiRoute RouteOf(IReadOnlyList<ApiRoute> routes)
    {
        byte[] document = Write(routes);
        return new ApiRoute(HttpMethod.Get, Path, Access.Open, Send, new RouteDescription("This document"));

        async Task<ApiAnswer> Send(ApiRequest request)
        {
            HttpResponse response = request.Context.Response;
            response.ContentType = Formats.Json;
            response.ContentLength = document.Length;
            await response.Body.WriteAsync(document, request.Context.RequestAborted);
            return ApiAnswer.NoContent;
        }
    }

    private static byte[] Write(IReadOnlyList<ApiRoute> routes)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(
            bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true });
        json.WriteStartObject();
        json.WriteString("openapi", "3.0.3");
        json.WriteStartObject("info");
        json.WriteString("title", "NovaOrleans");
        json.WriteString("version", "1.1");
        json.WriteEndObject();
        json.WriteStartObject("paths");
        foreach (IGrouping<string, ApiRoute> path in routes.Where(r => !r.IsAlias).GroupBy(r => PathOf(r.Pattern)))
        {
            json.WriteStartObject(path.Key);
            foreach (ApiRoute route in path)
            {
                WriteOperation(json, route);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteComponents(json);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteOperation(Utf8JsonWriter json, ApiRoute route)
    {
        json.WriteStartObject(route.Method.Method.ToLowerInvariant());
        json.WriteString("summary", route.Description.Summary);
        json.WriteString("operationId", OperationIdOf(route));
        json.WriteStartArray("tags");
        json.WriteStringValue(route.Service?.Name ?? "core");
        json.WriteEndArray();
        WriteParameters(json, route);
        WriteBody(json, route.Description.RequestExample);
        json.WriteStartObject("responses");
        WriteResponse(json, "2XX", "Done", "resource");
        WriteResponse(json, "default", "A fault", "fault");
        json.WriteEndObject();
        if (route.Access != Access.Open)
        {
            json.WriteString("x-role", route.Least.ToString().ToLowerInvariant());
            json.WriteStartArray("security");
            foreach (string scheme in (string[])["token", "bearer"])
            {
                json.WriteStartObject();
                json.WriteStartArray(scheme);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, ApiRoute route)
    {
        json.WriteStartArray("parameters");
        foreach (RoutePatternParameterPart parameter in RoutePatternFactory.Parse(route.Pattern).Parameters)
        {
            WriteParameter(json, parameter.Name, "path", required: true);
        }

        foreach (string name in route.Description.Query)
        {
            WriteParameter(json, name, "query", required: false);
        }

        if (route.ForProject)
        {
            WriteParameter(json, CallerHeaders.Project, "header", required: false);
        }

        if (route.Method == HttpMethod.Post)
        {
            WriteParameter(json, RequestBody.KeyHeader, "header", required: false);
        }

        json.WriteEndArray();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, string place, bool required)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("in", place);
        json.WriteBoolean("required", required);
        json.WriteStartObject("schema");
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, string? example)
    {
        if (example is null)
        {
            return;
        }

        json.WriteStartObject("requestBody");
        json.WriteStartObject("content");
        json.WriteStartObject(Formats.Json);
        json.WriteStartObject("schema");
        json.WriteString("type", "object");
        json.WriteEndObject();
        json.WritePropertyName("example");
        WriteExample(json, example);
        json.WriteEndObject();
        json.WriteStartObject(Formats.Xml);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A network service's example that is no JSON is shown as the text that it is.</summary>
    private static void WriteExample(Utf8JsonWriter json, string example)
    {
        try
        {
            using var parsed = JsonDocument.Parse(example);
            parsed.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(example);
        }
    }

    private static void WriteResponse(Utf8JsonWriter json, string status, string description, string schema)
    {
        json.WriteStartObject(status);
        json.WriteString("description", description);
        json.WriteStartObject("content");
        foreach (string type in (string[])[Formats.Json, Formats.Xml])
        {
            json.WriteStartObject(type);
            json.WriteStartObject("schema");
            json.WriteString("$ref", $"#/components/schemas/{schema}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter json) => json.WriteRawProperty("components", $$"""
        {
          "securitySchemes": {
            "token": { "type": "apiKey", "in": "header", "name": "{{CallerHeaders.Token}}" },
            "bearer": { "type": "http", "scheme": "bearer" }
          },
          "schemas": {
            "resource": { "type": "object" },
            "fault": {
              "type": "object",
              "description": "One member, named for the fault, as networkNotFound.",
              "additionalProperties": {
                "type": "object",
                "properties": {
                  "message": { "type": "string" }, "code": { "type": "integer" }, "detail": { "type": "string" },
                  "reason": { "type": "string" }, "subject": { "type": "string", "nullable": true },
                  "faults": { "type": "array", "items": { "type": "object" } }
                }
              }
            }
          }
        }
        """);

    private static void WriteRawProperty(this Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    /// <summary>OpenAPI knows no constraints or catch-alls in a path: <c>{id:guid}</c> is <c>{id}</c>.</summary>
    private static string PathOf(string pattern) => Parameter().Replace(pattern, "{$1}");

    private static string OperationIdOf(ApiRoute route) =>
        Other().Replace($"{route.Method.Method.ToLowerInvariant()}_{PathOf(route.Pattern)}", "_").Trim('_');

    [GeneratedRegex(@"\{\**([A-Za-z0-9_]+)[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex Other();
}
