using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using NovaOrleans.Api.NetworkServices;

namespace NovaOrleans.Api.Callers;

/// <summary>One token, which may do everything for the project that <c>X-Project-Id</c> names.</summary>
public sealed class AdminTokenCallers : ICallers
{
    public const string TokenHeader = "X-Auth-Token";
    public const string ProjectHeader = "X-Project-Id";
    private const int LongestToken = 512;

    private static readonly Refusal Unknown = new(
        RefusalCode.Unauthorized, $"Header '{TokenHeader}' is missing or holds no known token.", Field: TokenHeader);

    private readonly byte[] _adminHash;
    private readonly ProjectId? _defaultProject;

    public AdminTokenCallers(NovaApiOptions options)
    {
        if (options.AdminToken is not { Length: >= 16 and <= LongestToken } token)
        {
            throw new ArgumentException($"The admin token has 16 to {LongestToken} characters.", nameof(options));
        }

        _adminHash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        _defaultProject = options.DefaultProject;
    }

    public ValueTask<Outcome<Caller>> Identify(HttpContext context) =>
        ValueTask.FromResult(IsAdmin(context.Request.Headers[TokenHeader]) ? Of(context) : Unknown);

    private Outcome<Caller> Of(HttpContext context)
    {
        string? inHeader = One(context.Request.Headers[ProjectHeader]);
        string? inPath = context.GetRouteValue(NetworkServiceRouteMap.TenantParameter) as string;
        if (inHeader is not null && inPath is not null && inHeader != inPath)
        {
            return Wrong("differs from the project in the path");
        }

        if ((inPath ?? inHeader) is not { } name)
        {
            return new Caller(true, _defaultProject, false);
        }

        return ProjectId.TryParse(name, out ProjectId project)
            ? new Caller(true, project, true)
            : Wrong($"is no project id; accepted is {ProjectId.Accepts}");
    }

    /// <summary>
    /// Compares hashes in constant time, so that neither bytes nor length of the token can be measured.
    /// </summary>
    private bool IsAdmin(StringValues given)
    {
        if (One(given) is not { Length: <= LongestToken } token)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[LongestToken * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(token, bytes)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _adminHash);
    }

    private static string? One(StringValues values) => values.Count == 1 ? values[0] : null;

    private static Refusal Wrong(string why) =>
        new(RefusalCode.MalformedRequest, $"Header '{ProjectHeader}' {why}.", Field: ProjectHeader);
}
