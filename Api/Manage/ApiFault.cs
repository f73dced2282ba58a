using System.Text;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Why a verb did not do it, in sentences for people, with the exit status for scripts.</summary>
internal sealed class ApiFault(string message, int exitStatus, int status = 0) : Exception(message)
{
    public const int Refused = 1;
    public const int NotUnderstood = 2;
    public const int NoAnswer = 3;

    public int ExitStatus { get; } = exitStatus;

    /// <summary>The API's own status; 0 where it gave none.</summary>
    public int Status { get; } = status;

    /// <summary>
    /// Reads the API's fault: <c>{"networkNotFound":{"message":…,"code":420,"faults":[…]}}</c>. Several faults of one request are
    /// a line each.
    /// </summary>
    public static ApiFault Read(int status, string body)
    {
        if (Parse(body) is not JsonObject { Count: 1 } envelope || envelope.First().Value is not JsonObject fault)
        {
            string shown = body.Length > 200 ? body[..200] + "…" : body;
            return new ApiFault($"the API answered {status}: {(shown.Length == 0 ? "nothing" : shown)}", Refused, status);
        }

        var text = new StringBuilder(SentenceOf(fault) ?? $"{envelope.First().Key} ({status})");
        foreach (JsonNode? further in fault["faults"] as JsonArray ?? [])
        {
            if (further is JsonObject one && SentenceOf(one) is { } sentence && sentence != SentenceOf(fault))
            {
                text.Append("\nnova-manage: ").Append(sentence);
            }
        }

        return new ApiFault(text.ToString(), Refused, status);
    }

    private static string? SentenceOf(JsonObject fault) => fault["message"]?.ToString() ?? fault["reason"]?.ToString();

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
