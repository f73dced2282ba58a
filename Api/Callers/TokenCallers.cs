using System.Collections.Concurrent;
using NovaOrleans.Api.NetworkServices;

namespace NovaOrleans.Api.Callers;

/// <summary>
/// Identifies by token: the admin's own of the start, and those that a source knows. What a source said of a token is remembered
/// as long as it allows, so that a request costs a hash and a look-up.
/// </summary>
public sealed class TokenCallers : ICallers
{
    private const int MostRemembered = 10_000;

    private static readonly TokenHolder Admin = new(null, Role.Admin, null, null);

    private readonly TokenHash _adminHash;
    private readonly ProjectId? _defaultProject;
    private readonly ITokenSource[] _sources;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<TokenHash, Remembered> _known = new();

    public TokenCallers(NovaApiOptions options, IEnumerable<ITokenSource> sources, TimeProvider clock)
    {
        _adminHash = AdminHash(options);
        _defaultProject = options.DefaultProject;
        (_sources, _clock) = ([.. sources], clock);
    }

    /// <summary>Of the admin token of the options.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static TokenHash AdminHash(NovaApiOptions options) =>
        options.AdminToken is { Length: >= 16 } && TokenHash.TryOf(options.AdminToken, out TokenHash hash)
            ? hash
            : throw new ArgumentException(
                $"The admin token has 16 to {TokenHash.LongestToken} printable ASCII characters without a space.", nameof(options));

    public ValueTask<Outcome<Caller>> Identify(HttpContext context)
    {
        ReadOnlySpan<char> token = CallerHeaders.TokenOf(context.Request);
        if (token.IsEmpty)
        {
            return ValueTask.FromResult<Outcome<Caller>>(CallerHeaders.Missing);
        }

        if (!TokenHash.TryOf(token, out TokenHash hash))
        {
            return ValueTask.FromResult<Outcome<Caller>>(CallerHeaders.Unknown);
        }

        if (hash.IsSameInConstantTime(_adminHash))
        {
            return ValueTask.FromResult(Of(context, Admin));
        }

        return _known.TryGetValue(hash, out Remembered? known) && known.Holder is { } holder && IsFresh(known)
            ? ValueTask.FromResult(Of(context, holder))
            : Ask(context, hash, token.ToString());
    }

    private async ValueTask<Outcome<Caller>> Ask(HttpContext context, TokenHash hash, string token)
    {
        if (Array.Find(_sources, s => s.Reads(token)) is not { } source)
        {
            return CallerHeaders.Unknown;
        }

        return (await Find(source, hash, token)).Try(out TokenHolder? holder, out Refusal? refusal)
            ? Of(context, holder)
            : refusal;
    }

    /// <summary>Requests that come while a token is looked up share the one question.</summary>
    private Task<Outcome<TokenHolder>> Find(ITokenSource source, TokenHash hash, string token)
    {
        if (_known.TryGetValue(hash, out Remembered? known)
            && (known.Holder is null ? !known.Answer.IsCompleted : IsFresh(known)))
        {
            return known.Answer;
        }

        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        var asked = new Remembered(_clock.GetTimestamp(), source.Lifetime);
        asked.Answer = Learn(source, hash, token, asked);
        _known[hash] = asked;
        return asked.Answer;
    }

    /// <summary>Neither a refusal nor a fault is remembered: the token may be made, the source be back, the next moment.</summary>
    private async Task<Outcome<TokenHolder>> Learn(ITokenSource source, TokenHash hash, string token, Remembered asked)
    {
        // So that it is mostly stored first. Where it is not, what is stored is a refusal that has been given, which nobody shares.
        await Task.Yield();
        try
        {
            Outcome<TokenHolder> answer = await source.Find(token, hash);
            asked.Holder = answer.Refused ? null : answer.Value;
            return answer;
        }
        finally
        {
            if (asked.Holder is null)
            {
                _known.TryRemove(KeyValuePair.Create(hash, asked));
            }
        }
    }

    private bool IsFresh(Remembered known) => _clock.GetElapsedTime(known.Since) < known.Lifetime;

    private Outcome<Caller> Of(HttpContext context, TokenHolder holder)
    {
        if (holder.ExpiresAt is { } end && end <= _clock.GetUtcNow())
        {
            return CallerHeaders.Expired(end);
        }

        string? inHeader = context.Request.Headers[CallerHeaders.Project] is { Count: 1 } given ? given[0] : null;
        string? inPath = context.GetRouteValue(NetworkServiceRouteMap.TenantParameter) as string;
        if (holder.Role != Role.Admin)
        {
            // Whether the other project is there is nobody's business who has no token of it.
            ProjectId own = holder.Project!.Value;
            return (inPath ?? own.Value) != own.Value ? Another(inPath!)
                : (inHeader ?? own.Value) != own.Value ? Another(inHeader!)
                : new Caller(holder, own, true);
        }

        if (inHeader is not null && inPath is not null && inHeader != inPath)
        {
            return Wrong("differs from the project in the path");
        }

        return (inPath ?? inHeader) is not { } name ? new Caller(holder, holder.Project ?? _defaultProject, false)
            : ProjectId.TryParse(name, out ProjectId project) ? new Caller(holder, project, true)
            : Wrong($"is no project id; accepted is {ProjectId.Accepts}");
    }

    private static Refusal Another(string project) =>
        Refusal.NotFound(RefusalCode.ProjectNotFound, "project", BodyText.Shown(project));

    private static Refusal Wrong(string why) =>
        new(RefusalCode.MalformedRequest, $"Header '{CallerHeaders.Project}' {why}.", Field: CallerHeaders.Project);

    /// <summary>What a source was asked and, once it has said so, who it is.</summary>
    private sealed class Remembered(long since, TimeSpan lifetime)
    {
        private volatile TokenHolder? _holder;

        public long Since { get; } = since;

        public TimeSpan Lifetime { get; } = lifetime;

        public Task<Outcome<TokenHolder>> Answer { get; set; } = null!;

        public TokenHolder? Holder
        {
            get => _holder;
            set => _holder = value;
        }
    }
}
