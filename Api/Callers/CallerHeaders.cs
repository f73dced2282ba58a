using Microsoft.Extensions.Primitives;

namespace NovaOrleans.Api.Callers;

/// <summary>Where a request says who it is and for whom, and the sentences where it does not.</summary>
public static class CallerHeaders
{
    public const string Token = "X-Auth-Token";
    public const string Project = "X-Project-Id";

    private const string Bearer = "Bearer ";

    public static Refusal Missing { get; } = new(
        RefusalCode.Unauthorized, $"The request has no token: give one in header '{Token}', or in 'Authorization: Bearer'.",
        Field: Token);

    public static Refusal Unknown { get; } = new(
        RefusalCode.Unauthorized, "The token is not known here, or it was revoked.", Field: Token);

    public static Refusal Expired(DateTimeOffset when) => new(
        RefusalCode.Unauthorized, $"The token expired at {when.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}; get another one.", Field: Token);

    /// <summary>The token as a part of its header; empty where there is none, or several.</summary>
    public static ReadOnlySpan<char> TokenOf(HttpRequest request)
    {
        StringValues own = request.Headers[Token];
        if (own.Count > 0)
        {
            return own.Count == 1 ? own[0] : default;
        }

        StringValues standard = request.Headers.Authorization;
        return standard.Count == 1 && standard[0] is { } text && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? text.AsSpan(Bearer.Length).Trim()
            : default;
    }
}
