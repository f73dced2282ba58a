using System.Globalization;
using NovaOrleans.Api.Failover;

namespace NovaOrleans.Api.Requests;

/// <summary>Writes refusals and failures as the fault envelope of rows R26, the same for JSON and XML.</summary>
public static class RefusalFaults
{
    private static readonly string[] OwnFields = ["message", "code", "detail", "reason", "subject", "request_id", "faults"];

    /// <summary>
    /// <c>{"networkNotFound":{"message","code","detail","reason","subject","faults":[…]}}</c>; a refusal's further
    /// figures are members beside them.
    /// </summary>
    public static void Write(ResourceWriter writer, Refusal refusal, string requestId)
    {
        Fault fault = Faults.Of(refusal.Code);
        writer.BeginRoot(fault.Name);
        writer.Field("message", refusal.Reason);
        writer.Field("code", fault.Code);
        writer.Field("detail", fault.Detail);
        writer.Field("reason", refusal.Code.ToString());
        writer.Field("subject", refusal.Subject);
        writer.Field("request_id", requestId);
        WriteFigures(writer, refusal);
        writer.BeginList("faults", "fault");
        WriteItem(writer, refusal);
        foreach (Refusal more in refusal.More)
        {
            WriteItem(writer, more);
        }

        writer.EndList();
        writer.EndRoot();
    }

    /// <summary>A bug: nothing of it is told but where to find it in the log.</summary>
    public static void WriteBug(ResourceWriter writer, Fault fault, string requestId)
    {
        writer.BeginRoot(fault.Name);
        writer.Field("message", $"The request failed; the server's log has it under request id {requestId}.");
        writer.Field("code", fault.Code);
        writer.Field("detail", fault.Detail);
        writer.Field("reason", fault.Name);
        writer.Field("subject", requestId);
        writer.Field("request_id", requestId);
        writer.EndRoot();
    }

    /// <summary>What an exception means to the caller; null for a bug.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="key">The key that the request got here, as its caller gave none; it finds what may have been made.</param>
    public static Refusal? Of(Exception exception, string? key = null) => exception switch
    {
        BadHttpRequestException { StatusCode: 413 } => BodyParser.TooLarge,
        BadHttpRequestException bad =>
            new Refusal(RefusalCode.MalformedRequest, $"The request cannot be read: {bad.Message}"),
        OperatingFaultException { MayRetry: false } fault =>
            Unavailable($"The request could not be done: {fault.Message}"),
        OperatingFaultException fault => Unavailable($"The request could not be done now: {fault.Message}; {Repeat(key)}"),
        // Whether a call that timed out was done is not known. With its key, doing it again is safe.
        TimeoutException => Unavailable($"The request took too long and may or may not be done; {Repeat(key)}"),
        _ when CallRepeats.IsUnknown(exception) =>
            Unavailable($"No silo could take the request, and it may or may not be done; {Repeat(key)}"),
        _ => null,
    };

    private static string Repeat(string? key) => key is null
        ? "repeat it, a create with the same Idempotency-Key."
        : $"repeat it with Idempotency-Key '{key}'.";

    private static Refusal Unavailable(string reason) => new(RefusalCode.ServiceUnavailable, reason);

    private static void WriteFigures(ResourceWriter writer, Refusal refusal)
    {
        foreach ((string name, string value) in refusal.Details ?? new Dictionary<string, string>())
        {
            if (OwnFields.Contains(name))
            {
                continue;
            }

            if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long figure))
            {
                writer.Field(name, figure);
            }
            else
            {
                writer.Field(name, value);
            }
        }
    }

    private static void WriteItem(ResourceWriter writer, Refusal refusal)
    {
        writer.BeginItem();
        writer.Field("code", Faults.Of(refusal.Code).Code);
        writer.Field("reason", refusal.Code.ToString());
        writer.Field("field", refusal.Field);
        writer.Field("subject", refusal.Subject);
        writer.Field("message", refusal.Reason);
        writer.EndItem();
    }
}
