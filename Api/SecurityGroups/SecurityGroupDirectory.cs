using System.Globalization;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Projects;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.SecurityGroups;

/// <summary>Finds groups and rules of a request's project by what a path or a body calls them: a number, or a UUID.</summary>
internal sealed class SecurityGroupDirectory(IGrainFactory grains, ProjectServices projects)
{
    public ISecurityGroupsGrain Of(ApiRequest request) => grains.GetGrain<ISecurityGroupsGrain>(request.Project.Value);

    /// <summary>The project's groups; refused where there is no such project.</summary>
    public async Task<Outcome<IReadOnlyList<SecurityGroupView>>> List(ApiRequest request) =>
        (await projects.Of(request.Project)).Try(out ProjectView? _, out Refusal? refusal)
            ? Outcome.Of(await Of(request).List())
            : refusal;

    public static Outcome<SecurityGroupView> Find(IReadOnlyList<SecurityGroupView> groups, string called) =>
        groups.FirstOrDefault(g => Is(called, g.RowId, g.Id.Value)) is { } found
            ? found : Refusal.NotFound(RefusalCode.SecurityGroupNotFound, "security group", BodyText.Shown(called));

    public static SecurityRule? FindRule(IReadOnlyList<SecurityGroupView> groups, string called) =>
        groups.SelectMany(g => g.Rules).FirstOrDefault(r => Is(called, r.RowId, r.Id.Value));

    public static bool IsId(string? text) => text is not null
        && (Guid.TryParseExact(text, "D", out _) || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static bool Is(string called, long row, Guid id) => Guid.TryParseExact(called, "D", out Guid uuid)
        ? uuid == id
        : long.TryParse(called, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number == row;
}
