using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace NovaOrleans.Api.Callers.Keystone;

/// <summary>
/// Asks Keystone, as the service user. Its own token is got when it is needed, renewed a minute before its end, and once more when
/// Keystone takes it no longer.
/// </summary>
internal sealed class KeystoneClient(HttpClient http, KeystoneOptions options, TimeProvider clock) : IDisposable
{
    private const string TokenHeader = "X-Auth-Token";
    private const string SubjectHeader = "X-Subject-Token";
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private (string Token, DateTimeOffset End)? _own;

    /// <summary>The token as Keystone knows it; null where it does not, or not any more.</summary>
    /// <exception cref="OperatingFaultException">Keystone does not answer, or does not answer us.</exception>
    public async Task<KeystoneToken?> Validate(string token)
    {
        try
        {
            string own = await Own(spent: null);
            (HttpStatusCode status, KeystoneToken? found) = await Ask(own, token);
            if (status == HttpStatusCode.Unauthorized)
            {
                (status, found) = await Ask(await Own(spent: own), token);
            }

            return status switch
            {
                HttpStatusCode.OK => found ?? throw Silent("its answer has no token"),
                HttpStatusCode.NotFound => null,
                // Said of the question: the token is none, as one that cannot be decrypted.
                HttpStatusCode.BadRequest => null,
                _ => throw Silent($"it answered {(int)status} to the service user '{options.Username}'"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            throw Silent(e is OperationCanceledException ? $"no answer within {http.Timeout.TotalSeconds:0} s" : e.Message);
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<(HttpStatusCode Status, KeystoneToken? Token)> Ask(string own, string token)
    {
        // The catalogue is the largest part of the answer, and nobody reads it here. Of one that has expired it says until when.
        using var request = new HttpRequestMessage(HttpMethod.Get, "auth/tokens?nocatalog&allow_expired=1");
        request.Headers.TryAddWithoutValidation(TokenHeader, own);
        request.Headers.TryAddWithoutValidation(SubjectHeader, token);
        using HttpResponseMessage answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.StatusCode == HttpStatusCode.OK
            ? (await answer.Content.ReadFromJsonAsync<KeystoneAnswer>())?.Token
            : null);
    }

    /// <summary>The service user's token, another than the spent one.</summary>
    private async Task<string> Own(string? spent)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            if (_own is not { } own || own.Token == spent || own.End - Early <= clock.GetUtcNow())
            {
                _own = own = await LogIn();
            }

            return own.Token;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<(string Token, DateTimeOffset End)> LogIn()
    {
        object body = new
        {
            auth = new
            {
                identity = new
                {
                    methods = new[] { "password" },
                    password = new
                    {
                        user = new { name = options.Username, domain = new { name = options.UserDomain }, password = options.Password },
                    },
                },
                scope = new { project = new { name = options.Project, domain = new { name = options.ProjectDomain } } },
            },
        };
        // With its length: WSGI servers, which Keystone runs in, know no chunked bodies.
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage answer = await http.PostAsync("auth/tokens", content);
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            throw Silent($"it answered {(int)answer.StatusCode} when the service user '{options.Username}' came");
        }

        KeystoneToken? token = (await answer.Content.ReadFromJsonAsync<KeystoneAnswer>())?.Token;
        return token is not null && answer.Headers.TryGetValues(SubjectHeader, out IEnumerable<string>? values)
            ? (values.First(), token.ExpiresAt)
            : throw Silent("its answer to the service user has no token");
    }

    private OperatingFaultException Silent(string why) =>
        new($"Keystone at {options.Url} cannot say whose the token is: {why}", mayRetry: true);
}
