using System.Text.Json.Serialization;

namespace NovaOrleans.Api.Callers.Keystone;

/// <summary>What Keystone answers of a token, as far as it matters here.</summary>
internal sealed record KeystoneAnswer([property: JsonPropertyName("token")] KeystoneToken? Token);

/// <summary>A token that is valid: until when, of which user and project, with which roles.</summary>
internal sealed record KeystoneToken(
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("user")] KeystoneName? User,
    [property: JsonPropertyName("project")] KeystoneName? Project,
    [property: JsonPropertyName("roles")] IReadOnlyList<KeystoneName>? Roles);

/// <summary>An id and a name.</summary>
internal sealed record KeystoneName(
    [property: JsonPropertyName("id")] string? Id, [property: JsonPropertyName("name")] string? Name);
