using Microsoft.Extensions.Primitives;

namespace NovaOrleans.Api.Operations;

/// <summary>
/// Every request has an id: the caller's own in <c>X-Request-Id</c>, or one that is made. The answer gives it back, faults name it,
/// and it goes along to the grains (<see cref="RequestTrace"/>).
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    public static void TakeOrMake(HttpContext context)
    {
        StringValues given = context.Request.Headers[Header];
        // One that cannot stand in a log is not worth refusing a request for.
        string id = given.Count == 1 && RequestTrace.IsId(given[0]) ? given[0]! : Made();
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        RequestTrace.Begin(id);
    }

    /// <summary>A request's id is no secret, so that the system is not asked for its bits.</summary>
    private static string Made()
    {
        Span<byte> bits = stackalloc byte[16];
        Random.Shared.NextBytes(bits);
        return $"req-{Convert.ToHexStringLower(bits)}";
    }
}
