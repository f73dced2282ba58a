using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace NovaOrleans.Conformance;

/// <summary>
/// <c>conformance.json</c> beside a plug-in: how to make and remove a network by its own routes, since these are nobody else's
/// business. A plug-in whose launches need nothing made before has none. docs/conformance.md describes the format.
/// </summary>
public sealed record ConformanceFile
{
    public const string FileName = "conformance.json";

    private static readonly JsonSerializerOptions s_format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The module path; null where it is the folder's name.</summary>
    public string? Path { get; init; }

    /// <summary>The plug-in's section of the configuration.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Links that the compute host has beside <c>lo</c>, for uplinks.</summary>
    public IReadOnlyList<string> Links { get; init; } = ["eth0", "eth1"];

    /// <summary>Makes a network of the project, in order. Afterwards a launch of the project gets its VNIC there.</summary>
    public IReadOnlyList<Request> Make { get; init; } = [];

    /// <summary>Removes it when no VNIC is left in it.</summary>
    public IReadOnlyList<Request> Remove { get; init; } = [];

    /// <summary>What may be read while it is there: paths without prefix.</summary>
    public IReadOnlyList<string> Show { get; init; } = [];

    /// <summary>What must be refused with this status, and make nothing.</summary>
    public IReadOnlyList<Request> Refused { get; init; } = [];

    /// <summary>
    /// <paramref name="Ask"/> is a verb and a path without prefix, as <c>POST networks</c>; <paramref name="Status"/> what is answered,
    /// any of 200 to 299 where none is given; <paramref name="Keep"/> a word under which the answer's id is kept, for <c>{word}</c>
    /// in later requests. <paramref name="Xml"/> is the body in XML where a rule cannot make it of <paramref name="Body"/>.
    /// </summary>
    public sealed record Request(string Ask, JsonNode? Body = null, int? Status = null, string? Keep = null, string? Xml = null);

    /// <exception cref="FormatException">It is no such file; the sentence says where.</exception>
    public static ConformanceFile Read(string folder)
    {
        string file = System.IO.Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return new ConformanceFile();
        }

        try
        {
            return JsonSerializer.Deserialize<ConformanceFile>(File.ReadAllText(file), s_format) ?? new ConformanceFile();
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file} cannot be read: {e.Message}", e);
        }
    }
}
