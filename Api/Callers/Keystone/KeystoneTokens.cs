using NovaOrleans.Projects;
using NovaOrleans.Tokens;

namespace NovaOrleans.Api.Callers.Keystone;

/// <summary>
/// Keystone's tokens. A project that Keystone names is known here from then on. While Keystone is silent nobody of it is let in, and
/// nobody is told that the token is wrong; it is asked at most once a second then.
/// </summary>
internal sealed class KeystoneTokens(
    KeystoneClient client, KeystoneOptions options, IGrainFactory grains, TimeProvider clock) : ITokenSource
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private volatile Silence? _silence;

    public TimeSpan Lifetime => options.Cache;

    public bool Reads(string token) => !TokenText.IsToken(token);

    public async Task<Outcome<TokenHolder>> Find(string token, TokenHash hash)
    {
        if (_silence is { } silence && clock.GetElapsedTime(silence.Since) < Pause)
        {
            throw new OperatingFaultException(silence.Fault.Message, mayRetry: true);
        }

        KeystoneToken? found;
        try
        {
            found = await client.Validate(token);
            _silence = null;
        }
        catch (OperatingFaultException fault)
        {
            _silence = new Silence(clock.GetTimestamp(), fault);
            throw;
        }

        return found is null ? CallerHeaders.Unknown : await Holder(found);
    }

    private async Task<Outcome<TokenHolder>> Holder(KeystoneToken token)
    {
        if (token.ExpiresAt <= clock.GetUtcNow())
        {
            return CallerHeaders.Expired(token.ExpiresAt);
        }

        Role role = options.Strongest((token.Roles ?? []).Select(r => r.Name ?? ""));
        if (role == Role.None)
        {
            return new Refusal(
                RefusalCode.Forbidden,
                $"None of the token's roles means something here; these do: {string.Join(", ", options.Roles.Keys)}.");
        }

        ProjectId? project = null;
        if (token.Project?.Id is { } id)
        {
            if (!ProjectId.TryParse(id, out ProjectId named))
            {
                return new Refusal(RefusalCode.Forbidden, $"The token's project is no project id here; accepted is {ProjectId.Accepts}.");
            }

            if ((await Known(named, token.Project.Name)).Refusal is { } refusal)
            {
                return refusal;
            }

            project = named;
        }
        else if (role != Role.Admin)
        {
            return new Refusal(RefusalCode.Forbidden, "The token is for no project: ask Keystone for one that is.");
        }

        return new TokenHolder($"keystone:{token.User?.Id}:{project}", role, project, token.ExpiresAt);
    }

    private async Task<Outcome> Known(ProjectId id, string? name)
    {
        IProjectGrain project = grains.GetGrain<IProjectGrain>(id.Value);
        return (await project.Describe()).Refused
            ? (await project.Create(Names.IsLabel(name) ? name : null, "keystone")).Refusal is { } refusal ? refusal : Outcome.Done
            : Outcome.Done;
    }

    /// <summary>Since when Keystone did not answer, and why.</summary>
    private sealed record Silence(long Since, OperatingFaultException Fault);
}
